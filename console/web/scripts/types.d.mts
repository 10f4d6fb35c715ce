// The types that scripts/types.mjs would write for this contract.
export function typesOf(contract: unknown): string;

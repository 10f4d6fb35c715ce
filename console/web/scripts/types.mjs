// Writes src/api/types.ts from ../openapi.json: the screens are checked against the contract.
//
// It understands the part of JSON Schema that the contract uses and refuses the rest.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const CONTRACT = fileURLToPath(new URL("../../openapi.json", import.meta.url));
const TARGET = fileURLToPath(new URL("../src/api/types.ts", import.meta.url));

const COLUMNS = 100;
const SCALARS = {
  string: "string",
  integer: "number",
  number: "number",
  boolean: "boolean",
  null: "null",
};

function typeOf(schema, depth) {
  if (schema.$ref) return schema.$ref.split("/").at(-1);
  if (schema.oneOf) return schema.oneOf.map((one) => typeOf(one, depth)).join(" | ");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (Array.isArray(schema.type)) {
    return schema.type.map((type) => typeOf({ ...schema, type }, depth)).join(" | ");
  }
  if (schema.type === "array") return `ReadonlyArray<${typeOf(schema.items, depth)}>`;
  if (schema.type === "object") return objectType(schema, depth);
  if (schema.type in SCALARS) return SCALARS[schema.type];
  throw new Error(`no TypeScript form for ${JSON.stringify(schema)}`);
}

function objectType(schema, depth) {
  if (!schema.properties) return "{ readonly [name: string]: Json }";
  const indent = "  ".repeat(depth + 1);
  const required = new Set(schema.required ?? []);
  const members = Object.entries(schema.properties).map(([name, member]) => {
    const mark = required.has(name) ? "" : "?";
    return `${indent}readonly ${name}${mark}: ${typeOf(member, depth + 1)};\n`;
  });
  return members.length ? `{\n${members.join("")}${"  ".repeat(depth)}}` : "Record<string, never>";
}

export function typesOf(contract) {
  const lines = [
    "// Types of the HTTP API. Written by scripts/types.mjs from ../openapi.json, which says what",
    "// each member means, and its limits: edit that.",
    'import type { Json } from "./json.ts";',
    "",
    "export type { Json };",
  ];
  for (const [name, schema] of Object.entries(contract.components.schemas)) {
    if (name === "Json") continue;
    lines.push("");
    const type = typeOf(schema, 0);
    const line = `export type ${name} = ${type};`;
    const broken = `export type ${name} =\n  | ${type.replaceAll(" | ", "\n  | ")};`;
    lines.push(line.split("\n")[0].length > COLUMNS ? broken : line);
  }
  return `${lines.join("\n")}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(TARGET, typesOf(JSON.parse(readFileSync(CONTRACT, "utf8"))));
}

// The English words of the list of keys; a part of texts.ts.
export const keyboard = {
  title: "Keyboard",
  button: "Keyboard shortcuts",
  enabled: "Single-key shortcuts",
  groups: [
    {
      title: "Everywhere",
      keys: [
        ["?", "This list"],
        ["G then I", "Inbox"],
        ["G then R", "Runs"],
        ["G then S", "Schedules"],
        ["Esc", "Close, or go back to the list"],
      ],
    },
    {
      title: "Lists",
      keys: [
        ["J  /  K", "Next / previous"],
        ["Enter", "Open"],
        ["/", "Search"],
        [".", "Show what is new"],
      ],
    },
    {
      title: "Approval",
      keys: [
        ["J  /  K", "Next / previous in the inbox"],
        ["Space", "Press the focused decision"],
        ["Enter", "Never decides"],
      ],
    },
  ] as ReadonlyArray<{ title: string; keys: ReadonlyArray<readonly [string, string]> }>,
} as const;

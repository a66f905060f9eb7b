/** What a message of program "remote" says of its program. */
export const REMOTE_FACTS = { name: "remote", number: 0x2000_8086, version: 1 } as const;

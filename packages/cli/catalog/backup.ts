/** Commands of the group "Backup". */
import { type Commands, text } from "./option.ts";
import { domain, reuseExternal, wrap, xpath } from "./shared.ts";

export const backupCommands = {
  "backup-begin": {
    summary: "Start a backup of a running domain",
    options: {
      domain,
      backupxml: text("file with the XML of the backup"),
      checkpointxml: text("file with the XML of the checkpoint"),
      "reuse-external": reuseExternal,
    },
  },
  "backup-dumpxml": {
    summary: "Print the XML of the backup that is running",
    options: {
      domain,
      xpath,
      wrap,
    },
  },
} as const satisfies Commands;

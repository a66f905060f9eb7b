/** Commands on the files inside the disks of domains that are off, by libguestfs. */
import { type Commands, data, text } from "./option.ts";

const subject = data("name, id or UUID of a domain that is off, or path of an image");
const path = data("absolute path inside");
const mount = text(
  "file system to look at, such as /dev/sda1; found by itself when a system is installed",
  {
    named: true,
  },
);

export const guestFileCommands = {
  "fs-ls": {
    summary: "List a directory inside a domain's disks",
    options: { subject, path, mount },
  },
  "fs-cat": { summary: "Print a file inside a domain's disks", options: { subject, path, mount } },
  "fs-cp": {
    summary: "Copy files into a domain's disks or out of them",
    detail:
      "The one that is inside has a colon before its absolute path: fs-cp web1 :/etc/hosts /tmp",
    options: {
      subject,
      source: data("file or directory to copy"),
      target: data("directory to copy it into"),
      mount,
    },
  },
  "fs-edit": {
    summary: "Edit a file inside a domain's disks",
    options: { subject, path, mount },
  },
  "fs-df": { summary: "Show how full the file systems of a domain are", options: { subject } },
  "fs-partitions": {
    summary: "List the partitions and file systems of a domain",
    options: { subject },
  },
} as const satisfies Commands;

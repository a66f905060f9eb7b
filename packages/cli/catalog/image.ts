/** Commands on images: what belongs to what, and what may go. */
import { type Commands, data, flag, number } from "./option.ts";

const path = data("path of the image");

export const imageCommands = {
  "image-graph": {
    summary: "Show which image is a layer upon which, and who uses it",
    options: {},
  },
  "image-why": {
    summary: "Tell why an image is there: what it needs and who would miss it",
    options: { path },
  },
  "image-delete": {
    summary: "Remove an image that nobody reads",
    detail:
      "An image that a domain, a snapshot or another image reads stays, and the readers are named. With --force it is put " +
      "away beside its old place and removed later; image-restore brings it back until then.",
    options: {
      path,
      force: flag("also when somebody reads it"),
      "keep-seconds": number("uint", "how long it is kept then, a week when absent", {
        named: true,
      }),
    },
  },
  "image-restore": {
    summary: "Put an image back that image-delete --force put away",
    options: { path: data("where the image was") },
  },
} as const satisfies Commands;

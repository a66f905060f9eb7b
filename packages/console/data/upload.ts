/** Uploads with progress, which `fetch` does not tell of. */
import { requestOf, routeOf } from "@vireo/model/operation/route";
import { csrf } from "./session.ts";

interface VolumeName {
  readonly pool: string;
  readonly name: string;
}

/**
 * Sends a file into a volume. `onProgress` hears the part that is sent, 0 to 1.
 * @throws Error with the daemon's words
 */
export function uploadVolume(
  volume: VolumeName,
  file: File,
  onProgress: (part: number) => void,
): Promise<void> {
  const route = routeOf("storageVolume.upload");
  if (route === undefined) return Promise.reject(new Error("There is no upload"));
  const { method, url } = requestOf(route, { volume, offset: 0, length: file.size });
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, `/v1${url}`);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.setRequestHeader("x-csrf-token", csrf());
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(loaded / total));
    request.addEventListener("load", () => {
      if (request.status < 300) resolve();
      else reject(new Error(request.responseText.slice(0, 1000)));
    });
    request.addEventListener("error", () => reject(new Error("The connection was lost")));
    request.send(file);
  });
}

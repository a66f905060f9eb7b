/** What the daemon asks of the process that touches storage for it, and what that answers. */
import type { ImageHeader } from "@vireo/qemu/block/image-header";

export interface Ownership {
  readonly mode?: number | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

export interface FileFacts {
  readonly name: string;
  readonly type: "file" | "block" | "dir";
  readonly size: number;
  /** Bytes that it takes on disk. */
  readonly allocated: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970 with nine places: read, written, changed, made. */
  readonly times: readonly [string, string, string, string];
}

export interface VolumeFacts extends FileFacts {
  readonly image: ImageHeader;
  /** The file that the image is a layer upon, when it is there. */
  readonly backing?: FileFacts;
  readonly backingPath?: string;
}

/** A logical unit of a SCSI host. */
export interface UnitFacts {
  /** `BUS:TARGET:LUN`. */
  readonly address: string;
  readonly path: string;
  readonly size: number;
}

/** Bytes of a file system. */
export interface Space {
  readonly capacity: number;
  readonly available: number;
}

export interface DirectoryFacts {
  readonly space: Space;
  readonly directory: FileFacts;
  readonly volumes: readonly VolumeFacts[];
}

export type HandRequest =
  /** Look at all volumes of a directory. */
  | { readonly verb: "scan"; readonly path: string }
  /** Look at one file of a directory. */
  | { readonly verb: "look"; readonly path: string }
  | ({ readonly verb: "createRaw"; readonly path: string; readonly capacity: number } & Ownership)
  | ({ readonly verb: "own"; readonly path: string } & Ownership)
  | ({ readonly verb: "makeDirectory"; readonly path: string } & Ownership)
  | { readonly verb: "remove"; readonly path: string }
  /** To a name that is free. */
  | { readonly verb: "rename"; readonly path: string; readonly target: string }
  /** Let a SCSI host look for what is new; `path` is its `scan`. */
  | { readonly verb: "trigger"; readonly path: string }
  /** The logical units behind an adapter; `path` is where sysfs is, `target` where links to them are. */
  | {
      readonly verb: "units";
      readonly path: string;
      readonly target: string;
      readonly host?: number;
      readonly session?: string;
    }
  | { readonly verb: "removeDirectory"; readonly path: string };

export interface HandAnswers {
  readonly scan: DirectoryFacts;
  readonly look: DirectoryFacts;
  readonly createRaw: null;
  readonly own: null;
  readonly makeDirectory: null;
  readonly remove: null;
  readonly rename: null;
  readonly trigger: null;
  readonly units: readonly UnitFacts[];
  readonly removeDirectory: null;
}

export type HandReply =
  | { readonly ok: true; readonly answer: unknown }
  | { readonly ok: false; readonly errno: number; readonly reason: string };

/** Commands of the group "Storage Volume". */
import { type Commands, data, flag, number, text } from "./option.ts";
import { file, pool, preallocMetadata, printXml, validate, vol, wrap, xpath } from "./shared.ts";

export const storageVolumeCommands = {
  "vol-clone": {
    summary: "Copy a volume within its pool",
    options: {
      vol,
      newname: data("name of the copy"),
      pool: text("name or UUID of the pool"),
      "prealloc-metadata": preallocMetadata,
      reflink: flag("share blocks with the original"),
      "print-xml": printXml,
    },
  },
  "vol-create-as": {
    summary: "Create a volume from options",
    options: {
      pool,
      name: data("name of the volume"),
      capacity: data("size in bytes, or with a unit"),
      allocation: text("bytes to allocate now"),
      format: text("format of the image"),
      "backing-vol": text("volume below this one"),
      "backing-vol-format": text("format of the volume below"),
      "prealloc-metadata": preallocMetadata,
      "print-xml": printXml,
    },
  },
  "vol-create": {
    summary: "Create a volume from a file",
    options: {
      pool,
      file,
      "prealloc-metadata": preallocMetadata,
      validate,
    },
  },
  "vol-create-from": {
    summary: "Create a volume with the data of another",
    options: {
      pool,
      file,
      vol,
      inputpool: text("pool of the volume to read"),
      "prealloc-metadata": preallocMetadata,
      reflink: flag("share blocks with the original"),
      validate,
    },
  },
  "vol-delete": {
    summary: "Delete a volume",
    options: {
      vol,
      pool: text("name or UUID of the pool"),
      "delete-snapshots": flag("also its snapshots"),
    },
  },
  "vol-download": {
    summary: "Copy a volume into a file",
    options: {
      vol,
      file: data("file to write"),
      pool: text("name or UUID of the pool"),
      offset: number("size", "byte to begin at"),
      length: number("size", "bytes at most"),
      sparse: flag("keep holes"),
    },
  },
  "vol-dumpxml": {
    summary: "Print the XML of a volume",
    options: {
      vol,
      pool: text("name or UUID of the pool"),
      xpath,
      wrap,
    },
  },
  "vol-info": {
    summary: "Show the facts about a volume",
    options: {
      vol,
      pool: text("name or UUID of the pool"),
      bytes: flag("sizes in bytes"),
      physical: flag("the size on the host"),
    },
  },
  "vol-key": {
    summary: "Print the key of a volume",
    options: {
      vol,
      pool: text("name or UUID of the pool"),
    },
  },
  "vol-list": {
    summary: "List the volumes of a pool",
    options: {
      pool,
      details: flag("more columns"),
    },
  },
  "vol-name": {
    summary: "Print the name of a volume",
    options: {
      vol,
    },
  },
  "vol-path": {
    summary: "Print the path of a volume",
    options: {
      vol,
      pool: text("name or UUID of the pool"),
    },
  },
  "vol-pool": {
    summary: "Print the pool of a volume",
    options: {
      vol,
      uuid: flag("print the UUID instead of the name"),
    },
  },
  "vol-resize": {
    summary: "Change the size of a volume",
    options: {
      vol,
      capacity: data("size in bytes, or with a unit"),
      pool: text("name or UUID of the pool"),
      allocate: flag("allocate the space now"),
      delta: flag("add to the size"),
      shrink: flag("let it become smaller"),
    },
  },
  "vol-upload": {
    summary: "Copy a file into a volume",
    options: {
      vol,
      file: data("file to read"),
      pool: text("name or UUID of the pool"),
      offset: number("size", "byte to begin at"),
      length: number("size", "bytes at most"),
      sparse: flag("keep holes"),
    },
  },
  "vol-wipe": {
    summary: "Overwrite a volume",
    options: {
      vol,
      pool: text("name or UUID of the pool"),
      algorithm: text("wiping pattern"),
    },
  },
} as const satisfies Commands;

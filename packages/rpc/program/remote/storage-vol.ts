/** Storage volumes. */
import { char, uhyper, uint32 } from "../../xdr/scalar.ts";
import { call } from "../procedure.ts";
import { storagePool, storageVol, text } from "./type.ts";

/** Procedures of program "remote". */
export const storageVolProcedures = {
  storageVolCreateXml: call(
    93,
    { api: "virStorageVolCreateXML", acl: ["storage_vol:create"] },
    { args: { pool: storagePool, xml: text, flags: uint32 }, ret: { vol: storageVol } },
  ),
  storageVolDelete: call(
    94,
    { api: "virStorageVolDelete", acl: ["storage_vol:delete"] },
    { args: { vol: storageVol, flags: uint32 } },
  ),
  storageVolLookupByName: call(
    95,
    {
      api: "virStorageVolLookupByName",
      acl: ["storage_vol:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { pool: storagePool, name: text }, ret: { vol: storageVol } },
  ),
  storageVolLookupByKey: call(
    96,
    {
      api: "virStorageVolLookupByKey",
      acl: ["storage_vol:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { key: text }, ret: { vol: storageVol } },
  ),
  storageVolLookupByPath: call(
    97,
    {
      api: "virStorageVolLookupByPath",
      acl: ["storage_vol:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { path: text }, ret: { vol: storageVol } },
  ),
  storageVolGetInfo: call(
    98,
    {
      api: "virStorageVolGetInfo",
      acl: ["storage_vol:read"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { vol: storageVol }, ret: { type: char, capacity: uhyper, allocation: uhyper } },
  ),
  storageVolGetXmlDesc: call(
    99,
    {
      api: "virStorageVolGetXMLDesc",
      acl: ["storage_vol:read"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { vol: storageVol, flags: uint32 }, ret: { xml: text } },
  ),
  storageVolGetPath: call(
    100,
    {
      api: "virStorageVolGetPath",
      acl: ["storage_vol:read"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { vol: storageVol }, ret: { name: text } },
  ),
  storageVolCreateXmlFrom: call(
    125,
    { api: "virStorageVolCreateXMLFrom", acl: ["storage_vol:create"] },
    {
      args: { pool: storagePool, xml: text, clonevol: storageVol, flags: uint32 },
      ret: { vol: storageVol },
    },
  ),
  storageVolWipe: call(
    165,
    { api: "virStorageVolWipe", acl: ["storage_vol:format"] },
    { args: { vol: storageVol, flags: uint32 } },
  ),
  storageVolUpload: call(
    208,
    { api: "virStorageVolUpload", acl: ["storage_vol:data_write"], stream: "upload" },
    { args: { vol: storageVol, offset: uhyper, length: uhyper, flags: uint32 } },
  ),
  storageVolDownload: call(
    209,
    { api: "virStorageVolDownload", acl: ["storage_vol:data_read"], stream: "download" },
    { args: { vol: storageVol, offset: uhyper, length: uhyper, flags: uint32 } },
  ),
  storageVolWipePattern: call(
    259,
    { api: "virStorageVolWipePattern", acl: ["storage_vol:format"] },
    { args: { vol: storageVol, algorithm: uint32, flags: uint32 } },
  ),
  storageVolResize: call(
    260,
    { api: "virStorageVolResize", acl: ["storage_vol:resize"] },
    { args: { vol: storageVol, capacity: uhyper, flags: uint32 } },
  ),
  storageVolGetInfoFlags: call(
    378,
    {
      api: "virStorageVolGetInfoFlags",
      acl: ["storage_vol:read"],
      readOnly: "allowed",
      priority: "high",
    },
    {
      args: { vol: storageVol, flags: uint32 },
      ret: { type: char, capacity: uhyper, allocation: uhyper },
    },
  ),
};

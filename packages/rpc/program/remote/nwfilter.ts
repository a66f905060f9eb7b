/** Network filters and their bindings. */
import { int32, uint32 } from "../../xdr/scalar.ts";
import { array, uuid } from "../../xdr/sequence.ts";
import { call } from "../procedure.ts";
import { LIMIT } from "./limit.ts";
import { nwfilter, nwfilterBinding, text } from "./type.ts";

/** Procedures of program "remote". */
export const nwfilterProcedures = {
  nwfilterLookupByName: call(
    175,
    {
      api: "virNWFilterLookupByName",
      acl: ["nwfilter:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { name: text }, ret: { nwfilter } },
  ),
  nwfilterLookupByUuid: call(
    176,
    {
      api: "virNWFilterLookupByUUID",
      acl: ["nwfilter:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { uuid }, ret: { nwfilter } },
  ),
  nwfilterGetXmlDesc: call(
    177,
    { api: "virNWFilterGetXMLDesc", acl: ["nwfilter:read"], readOnly: "allowed", priority: "high" },
    { args: { nwfilter, flags: uint32 }, ret: { xml: text } },
  ),
  connectNumOfNwfilters: call(
    178,
    {
      api: "virConnectNumOfNWFilters",
      acl: ["connect:search_nwfilters"],
      aclFilter: ["nwfilter:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { ret: { num: int32 } },
  ),
  connectListNwfilters: call(
    179,
    {
      api: "virConnectListNWFilters",
      acl: ["connect:search_nwfilters"],
      aclFilter: ["nwfilter:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { maxnames: int32 }, ret: { names: array(text, LIMIT.nwfilterList) } },
  ),
  nwfilterDefineXml: call(
    180,
    { api: "virNWFilterDefineXML", acl: ["nwfilter:write", "nwfilter:save"], priority: "high" },
    { args: { xml: text }, ret: { nwfilter } },
  ),
  nwfilterUndefine: call(
    181,
    { api: "virNWFilterUndefine", acl: ["nwfilter:delete"], priority: "high" },
    { args: { nwfilter } },
  ),
  connectListAllNwfilters: call(
    286,
    {
      api: "virConnectListAllNWFilters",
      acl: ["connect:search_nwfilters"],
      aclFilter: ["nwfilter:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    {
      args: { need_results: int32, flags: uint32 },
      ret: { filters: array(nwfilter, LIMIT.nwfilterList), ret: uint32 },
    },
  ),
  nwfilterBindingLookupByPortDev: call(
    397,
    {
      api: "virNWFilterBindingLookupByPortDev",
      acl: ["nwfilter_binding:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { name: text }, ret: { nwfilter: nwfilterBinding } },
  ),
  nwfilterBindingGetXmlDesc: call(
    398,
    {
      api: "virNWFilterBindingGetXMLDesc",
      acl: ["nwfilter_binding:read"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { nwfilter: nwfilterBinding, flags: uint32 }, ret: { xml: text } },
  ),
  nwfilterBindingCreateXml: call(
    399,
    { api: "virNWFilterBindingCreateXML", acl: ["nwfilter_binding:create"], priority: "high" },
    { args: { xml: text, flags: uint32 }, ret: { nwfilter: nwfilterBinding } },
  ),
  nwfilterBindingDelete: call(
    400,
    { api: "virNWFilterBindingDelete", acl: ["nwfilter_binding:delete"], priority: "high" },
    { args: { nwfilter: nwfilterBinding } },
  ),
  connectListAllNwfilterBindings: call(
    401,
    {
      api: "virConnectListAllNWFilterBindings",
      acl: ["connect:search_nwfilter_bindings"],
      aclFilter: ["nwfilter_binding:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    {
      args: { need_results: int32, flags: uint32 },
      ret: { bindings: array(nwfilterBinding, LIMIT.nwfilterBindingList), ret: uint32 },
    },
  ),
  nwfilterDefineXmlFlags: call(
    431,
    {
      api: "virNWFilterDefineXMLFlags",
      acl: ["nwfilter:write", "nwfilter:save"],
      priority: "high",
    },
    { args: { xml: text, flags: uint32 }, ret: { nwfilter } },
  ),
};

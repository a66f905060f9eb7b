/** What one may do with the places that guests have in a virtual network. */
import { networkRef } from "./network.ts";
import { interfaceRates } from "./domain-tune.ts";
import { operation } from "./operation.ts";
import { doc, list, nothing, optional, record, text, truth } from "./value.ts";

const network = networkRef;
const port = doc(text, "UUID of the port.");
const read = { access: ["network_port:read"], lane: "read" } as const;

export const networkPortOperations = {
  list: operation("networkPort.list", {
    access: ["network:search_ports"],
    lane: "read",
    doc: "UUIDs of the network's ports.",
    input: { network },
    output: list(port),
  }),
  lookup: operation("networkPort.lookup", {
    access: ["network_port:getattr"],
    lane: "read",
    doc: "Find a port by its UUID.",
    input: { network, port },
    output: port,
  }),
  create: operation("networkPort.create", {
    access: ["network_port:create"],
    lane: "modify",
    doc: "Take a place in an active network.",
    input: {
      network,
      xml: doc(text, "The port, as `<networkport>`."),
      validate: doc(optional(truth), "Refuse what the schema does not know."),
      reclaim: doc(optional(truth), "Take the place over as it is described."),
    },
    output: port,
  }),
  delete: operation("networkPort.delete", {
    access: ["network_port:delete"],
    lane: "modify",
    doc: "Give a place in the network back.",
    input: { network, port },
    output: nothing,
  }),
  xml: operation("networkPort.xml", {
    ...read,
    doc: "The port as XML.",
    input: { network, port },
    output: text,
  }),
  tune: operation("networkPort.tune", {
    ...read,
    doc: "Limits on the port's throughput.",
    input: { network, port },
    output: record(interfaceRates),
  }),
  setTune: operation("networkPort.setTune", {
    access: ["network_port:write"],
    lane: "modify",
    doc: "Limit the port's throughput.",
    input: { network, port, ...interfaceRates },
    output: nothing,
  }),
} as const;

import { attempt, done, type HandlersOf } from "../../answer.ts";
import type { domainDeviceCommands } from "../../catalog/domain-device.ts";
import { type DeviceChoice, deviceFlags } from "../../device-change.ts";
import { affectFlags, bits } from "../../flags.ts";
import { findDomain } from "../../lookup.ts";
import { readDescription } from "../../read-file.ts";

/** virDomainDeviceModifyFlags: do it even if the guest does not agree. */
const forceFlag = 4;

export const handlers: HandlersOf<typeof domainDeviceCommands> = {
  async "attach-device"({ domain, file, ...choice }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const flags = await deviceFlags(connection, dom, choice);
    const xml = await readDescription(file);
    await attempt(
      `Failed to attach device from ${file}`,
      anyChosen(choice)
        ? connection.call("domainAttachDeviceFlags", { dom, xml, flags })
        : connection.call("domainAttachDevice", { dom, xml }),
    );
    return done("Device attached successfully");
  },

  async "detach-device"({ domain, file, ...choice }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const flags = await deviceFlags(connection, dom, choice);
    const xml = await readDescription(file);
    await attempt(
      `Failed to detach device from ${file}`,
      anyChosen(choice)
        ? connection.call("domainDetachDeviceFlags", { dom, xml, flags })
        : connection.call("domainDetachDevice", { dom, xml }),
    );
    return done("Device detached successfully");
  },

  async "update-device"({ domain, file, force, ...choice }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const flags = (await deviceFlags(connection, dom, choice)) | bits([force, forceFlag]);
    const xml = await readDescription(file);
    await attempt(
      `Failed to update device from ${file}`,
      connection.call("domainUpdateDeviceFlags", { dom, xml, flags }),
    );
    return done("Device updated successfully");
  },

  async "detach-device-alias"({ domain, alias, ...choice }, context) {
    const flags = affectFlags(choice);
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    await attempt(
      `Failed to detach device with alias ${alias}`,
      connection.call("domainDetachDeviceAlias", { dom, alias, flags }),
    );
    return done("Device detach request sent successfully");
  },
};

const anyChosen = ({ persistent, config, live, current }: DeviceChoice): boolean =>
  persistent || config || live || current;

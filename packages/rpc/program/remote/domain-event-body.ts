/** Bodies of the domain events that exist both with and without a callback id. */
import { hyper, int32, uhyper } from "../../xdr/scalar.ts";
import { array } from "../../xdr/sequence.ts";
import { LIMIT } from "./limit.ts";
import {
  domain,
  domainEventGraphicsAddress,
  domainEventGraphicsIdentity,
  maybeText,
  text,
} from "./type.ts";

/** lifecycle. */
export const lifecycleBody = { dom: domain, event: int32, detail: int32 };
/** reboot. */
export const rebootBody = { dom: domain };
/** rtcChange. */
export const rtcChangeBody = { dom: domain, offset: hyper };
/** watchdog. */
export const watchdogBody = { dom: domain, action: int32 };
/** ioError. */
export const ioErrorBody = { dom: domain, srcPath: text, devAlias: text, action: int32 };
/** ioErrorReason. */
export const ioErrorReasonBody = {
  dom: domain,
  srcPath: text,
  devAlias: text,
  action: int32,
  reason: text,
};
/** graphics. */
export const graphicsBody = {
  dom: domain,
  phase: int32,
  local: domainEventGraphicsAddress,
  remote: domainEventGraphicsAddress,
  authScheme: text,
  subject: array(domainEventGraphicsIdentity, LIMIT.domainEventGraphicsIdentity),
};
/** blockJob. */
export const blockJobBody = { dom: domain, path: text, type: int32, status: int32 };
/** diskChange. */
export const diskChangeBody = {
  dom: domain,
  oldSrcPath: maybeText,
  newSrcPath: maybeText,
  devAlias: text,
  reason: int32,
};
/** trayChange. */
export const trayChangeBody = { dom: domain, devAlias: text, reason: int32 };
/** pmwakeup. */
export const pmwakeupBody = { dom: domain };
/** pmsuspend. */
export const pmsuspendBody = { dom: domain };
/** balloonChange. */
export const balloonChangeBody = { dom: domain, actual: uhyper };
/** pmsuspendDisk. */
export const pmsuspendDiskBody = { dom: domain };
/** controlError. */
export const controlErrorBody = { dom: domain };
/** deviceRemoved. */
export const deviceRemovedBody = { dom: domain, devAlias: text };

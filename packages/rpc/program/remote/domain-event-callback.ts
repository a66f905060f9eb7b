/** Domain events as today's clients get them: each body starts with the id of the callback it answers. */
import { struct } from "../../xdr/composite.ts";
import { int32, uhyper, uint32 } from "../../xdr/scalar.ts";
import { array } from "../../xdr/sequence.ts";
import { event } from "../procedure.ts";
import { LIMIT } from "./limit.ts";
import {
  balloonChangeBody,
  blockJobBody,
  controlErrorBody,
  deviceRemovedBody,
  diskChangeBody,
  graphicsBody,
  ioErrorBody,
  ioErrorReasonBody,
  lifecycleBody,
  pmsuspendBody,
  pmsuspendDiskBody,
  pmwakeupBody,
  rebootBody,
  rtcChangeBody,
  trayChangeBody,
  watchdogBody,
} from "./domain-event-body.ts";
import { domain, maybeText, text, typedParam } from "./type.ts";

/** Procedures of program "remote". */
export const domainEventCallbackProcedures = {
  domainEventCallbackLifecycle: event(318, { callbackID: int32, msg: struct(lifecycleBody) }),
  domainEventCallbackReboot: event(319, { callbackID: int32, msg: struct(rebootBody) }),
  domainEventCallbackRtcChange: event(320, { callbackID: int32, msg: struct(rtcChangeBody) }),
  domainEventCallbackWatchdog: event(321, { callbackID: int32, msg: struct(watchdogBody) }),
  domainEventCallbackIoError: event(322, { callbackID: int32, msg: struct(ioErrorBody) }),
  domainEventCallbackGraphics: event(323, { callbackID: int32, msg: struct(graphicsBody) }),
  domainEventCallbackIoErrorReason: event(324, {
    callbackID: int32,
    msg: struct(ioErrorReasonBody),
  }),
  domainEventCallbackControlError: event(325, { callbackID: int32, msg: struct(controlErrorBody) }),
  domainEventCallbackBlockJob: event(326, { callbackID: int32, msg: struct(blockJobBody) }),
  domainEventCallbackDiskChange: event(327, { callbackID: int32, msg: struct(diskChangeBody) }),
  domainEventCallbackTrayChange: event(328, { callbackID: int32, msg: struct(trayChangeBody) }),
  domainEventCallbackPmwakeup: event(329, {
    callbackID: int32,
    reason: int32,
    msg: struct(pmwakeupBody),
  }),
  domainEventCallbackPmsuspend: event(330, {
    callbackID: int32,
    reason: int32,
    msg: struct(pmsuspendBody),
  }),
  domainEventCallbackBalloonChange: event(331, {
    callbackID: int32,
    msg: struct(balloonChangeBody),
  }),
  domainEventCallbackPmsuspendDisk: event(332, {
    callbackID: int32,
    reason: int32,
    msg: struct(pmsuspendDiskBody),
  }),
  domainEventCallbackDeviceRemoved: event(333, {
    callbackID: int32,
    msg: struct(deviceRemovedBody),
  }),
  domainEventBlockJob2: event(339, {
    callbackID: int32,
    dom: domain,
    dst: text,
    type: int32,
    status: int32,
  }),
  domainEventCallbackTunable: event(346, {
    callbackID: int32,
    dom: domain,
    params: array(typedParam, LIMIT.domainEventTunable),
  }),
  domainEventCallbackAgentLifecycle: event(348, {
    callbackID: int32,
    dom: domain,
    state: int32,
    reason: int32,
  }),
  domainEventCallbackDeviceAdded: event(354, { callbackID: int32, dom: domain, devAlias: text }),
  domainEventCallbackMigrationIteration: event(359, {
    callbackID: int32,
    dom: domain,
    iteration: int32,
  }),
  domainEventCallbackJobCompleted: event(363, {
    callbackID: int32,
    dom: domain,
    params: array(typedParam, LIMIT.domainJobStats),
  }),
  domainEventCallbackDeviceRemovalFailed: event(367, {
    callbackID: int32,
    dom: domain,
    devAlias: text,
  }),
  domainEventCallbackMetadataChange: event(379, {
    callbackID: int32,
    dom: domain,
    type: int32,
    nsuri: maybeText,
  }),
  domainEventBlockThreshold: event(385, {
    callbackID: int32,
    dom: domain,
    dev: text,
    path: maybeText,
    threshold: uhyper,
    excess: uhyper,
  }),
  domainEventMemoryFailure: event(423, {
    callbackID: int32,
    dom: domain,
    recipient: int32,
    action: int32,
    flags: uint32,
  }),
  domainEventMemoryDeviceSizeChange: event(438, {
    callbackID: int32,
    dom: domain,
    alias: text,
    size: uhyper,
  }),
};

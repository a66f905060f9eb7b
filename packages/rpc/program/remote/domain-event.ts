/** Domain events without callback ids, for clients from before libvirt 1.3. */
import { event } from "../procedure.ts";
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

/** Procedures of program "remote". */
export const domainEventProcedures = {
  domainEventLifecycle: event(107, lifecycleBody),
  domainEventReboot: event(169, rebootBody),
  domainEventRtcChange: event(170, rtcChangeBody),
  domainEventWatchdog: event(171, watchdogBody),
  domainEventIoError: event(172, ioErrorBody),
  domainEventGraphics: event(173, graphicsBody),
  domainEventIoErrorReason: event(195, ioErrorReasonBody),
  domainEventControlError: event(224, controlErrorBody),
  domainEventBlockJob: event(241, blockJobBody),
  domainEventDiskChange: event(248, diskChangeBody),
  domainEventTrayChange: event(268, trayChangeBody),
  domainEventPmwakeup: event(269, pmwakeupBody),
  domainEventPmsuspend: event(270, pmsuspendBody),
  domainEventBalloonChange: event(276, balloonChangeBody),
  domainEventPmsuspendDisk: event(292, pmsuspendDiskBody),
  domainEventDeviceRemoved: event(311, deviceRemovedBody),
};

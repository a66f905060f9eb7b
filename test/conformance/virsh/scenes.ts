/** All scenes, in the order in which they are played. */
import type { Scene } from "./scene.ts";
import { DEVICE_SCENES } from "./scene/device.ts";
import { DOMAIN_SCENES } from "./scene/domain.ts";
import { FIGURE_SCENES } from "./scene/figure.ts";
import { FILTER_SCENES } from "./scene/filter.ts";
import { HOST_SCENES } from "./scene/host.ts";
import { INTERFACE_SCENES } from "./scene/interface.ts";
import { MOMENT_SCENES } from "./scene/moment.ts";
import { MORE_MOMENT_SCENES } from "./scene/more-moments.ts";
import { NETWORK_SCENES } from "./scene/network.ts";
import { OPTION_SCENES } from "./scene/option.ts";
import { SECRET_SCENES } from "./scene/secret.ts";
import { STORAGE_SCENES } from "./scene/storage.ts";
import { TUNE_SCENES } from "./scene/tune.ts";

export const SCENES: readonly Scene[] = [
  ...DOMAIN_SCENES,
  ...DEVICE_SCENES,
  ...TUNE_SCENES,
  ...FIGURE_SCENES,
  ...MOMENT_SCENES,
  ...OPTION_SCENES,
  ...MORE_MOMENT_SCENES,
  ...HOST_SCENES,
  ...STORAGE_SCENES,
  ...SECRET_SCENES,
  ...NETWORK_SCENES,
  ...INTERFACE_SCENES,
  ...FILTER_SCENES,
];

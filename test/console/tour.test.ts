import { noBrowser } from "../harness/browser.ts";
import { testInOwnNetwork } from "../guest/own-network.ts";

const TOUR_MS = 540_000;

if (noBrowser === false)
  testInOwnNetwork("console: a tour of every screen", "../console/tour.scenario.ts", TOUR_MS);

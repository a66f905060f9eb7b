import { randomBytes } from "node:crypto";
import { uuidFromRandom } from "@vireo/model/uuid";

/** A UUID that nobody has. */
export const newUuid = (): string => uuidFromRandom(randomBytes(16));

/** Run once before many tests: finds out what QEMU and KVM can do here, for all daemons that follow. */
import { virshOk } from "../test/harness/virsh.ts";
import { Vireod } from "../test/harness/vireod.ts";

const vireod = await Vireod.started();
try {
  await virshOk(vireod.uri, "capabilities"); // waits for the verdict on KVM
} finally {
  await vireod.cleanUp();
}

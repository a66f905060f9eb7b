/** How a run of a domain begins: launched, filled when it goes on from a saved state, let run; all of it or nothing. */
import type { DomainEventBody } from "@vireo/model/event";
import { nameDevices } from "@vireo/model/domain/resolve/name-devices";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { domainState, type StateReason } from "@vireo/model/state-reason";
import type { DomainEnd } from "./domain-end.ts";
import type { DomainView } from "./domain-view.ts";
import { hookOnLive } from "./domain-hooks.ts";
import type { QemuEnvironment } from "./environment.ts";
import { withGuestCpu, withMadeCpu } from "./guest-cpu.ts";
import type { GuestLine } from "./guest-line.ts";
import { launch, type LaunchWay } from "./launch.ts";
import { startNews, type EndReason } from "./life-event.ts";
import { lifeActions } from "./live-event.ts";
import type { Ask } from "./memory-stream.ts";
import { resumeSaved, type SavedState } from "./resume-saved.ts";
import { Undo } from "./undo.ts";

export interface StartOptions {
  /** Leave the vCPUs stopped. */
  readonly paused?: boolean | undefined;
  /** Start with fresh firmware variables. */
  readonly resetNvram?: boolean | undefined;
  /** Go on from here instead of booting. */
  readonly saved?: SavedState | undefined;
  /** Part of a revert, which tells the rest itself. */
  readonly fromSnapshot?: boolean | undefined;
}

/** The actor, as far as a start needs it. */
interface BootingActor {
  readonly view: DomainView;
  readonly ask: Ask;
  readonly update: (change: Partial<DomainView>) => void;
  readonly kept: () => Promise<void>;
  readonly run: (reason: StateReason<"running">) => Promise<void>;
  readonly tell: (...news: readonly DomainEventBody[]) => void;
}

/** The actor, and what only a start may touch of it. */
export interface BootingDomain {
  readonly actor: BootingActor;
  readonly env: QemuEnvironment;
  readonly line: GuestLine;
  readonly ending: DomainEnd;
  /** Publishes that the domain is off. Resolves when that is on disk. */
  readonly dropLive: (reason: EndReason) => Promise<void>;
  readonly report: (what: string, error: unknown) => void;
}

/** In a turn. @throws VireoError when it could not be started; nothing of it is left then */
export async function boot(
  booting: BootingDomain,
  definition: ResolvedDomain,
  { paused = false, resetNvram = false, saved, fromSnapshot }: StartOptions,
): Promise<void> {
  const { actor, env, ending, report } = booting;
  const undo = new Undo();
  const begun = startNews({ paused, saved, fromSnapshot });
  ending.beginBoot();
  try {
    await launchInto(
      booting,
      { definition, way: { resetNvram, incoming: saved !== undefined } },
      undo,
    );
    if (saved !== undefined) await resumeSaved(actor, env, saved);
    actor.tell(...begun.before);
    if (paused) actor.update({ state: domainState("paused", "user") });
    else await actor.run(begun.how);
    await hookOnLive(env, "started", actor.view.live);
    undo.forget();
  } catch (error) {
    await undo.run(report);
    await booting.dropLive(ending.reason ?? "failed");
    throw error;
  } finally {
    ending.endBoot();
  }
  actor.tell(...begun.after);
}

interface Wanted {
  readonly definition: ResolvedDomain;
  readonly way: LaunchWay;
}

/** Leaves a QEMU with stopped vCPUs, its monitor at the line. */
async function launchInto(
  { actor, env, line }: BootingDomain,
  { definition, way }: Wanted,
  undo: Undo,
): Promise<void> {
  const emulator = await env.emulatorFor(definition);
  const { live, monitor } = await launch(
    env,
    {
      id: env.nextId(),
      config: nameDevices(await withGuestCpu(definition, emulator)),
      emulator,
      ...way,
      listener: line.listener,
      onProcess: async (begun) => {
        actor.update({ live: begun, state: domainState("paused", "startingUp"), updated: false });
        await actor.kept();
      },
    },
    undo,
  );
  line.take(monitor);
  actor.update({ live: await withMadeCpu(live, emulator, monitor) });
  if (lifeActions(live.config).onReboot === "destroy" && emulator.caps.flags.has("set-action"))
    await monitor.execute("set-action", { reboot: "shutdown" });
  await actor.kept(); // whoever finds the guest running is to know all of it
}

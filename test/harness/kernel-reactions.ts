/**
 * What the kernel does when somebody writes into sysfs, done to a plain directory: drivers are bound and unbound,
 * virtual functions and mediated devices come and go. Which driver a device has of itself is in `.native/ADDRESS`.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative } from "node:path";

const refused = (code: string): Error => Object.assign(new Error(code), { code });

const textOf = (path: string): string =>
  existsSync(path) ? readFileSync(path, "utf8").trim() : "";

type Reaction = (kernel: KernelReactions, path: string, text: string) => void;

/** By the end of the path; the first that fits. */
const REACTIONS: readonly (readonly [RegExp, Reaction])[] = [
  [/^\/bus\/pci\/drivers\/[^/]+\/unbind$/, (kernel, path, text) => kernel.unbind(path, text)],
  [/^\/bus\/pci\/drivers\/[^/]+\/bind$/, (kernel, path, text) => kernel.bind(path, text)],
  [/^\/bus\/pci\/drivers_probe$/, (kernel, _path, text) => kernel.probe(text)],
  [/\/driver_override$/, (kernel, path, text) => kernel.override(path, text)],
  [/\/sriov_numvfs$/, (kernel, path, text) => kernel.makeFunctions(path, text)],
  [/\/mdev_supported_types\/[^/]+\/create$/, (kernel, path, text) => kernel.makeMdev(path, text)],
  [/\/remove$/, (kernel, path) => kernel.removeMdev(path)],
  [/\/(reset|rescan|new_id|remove_id)$/, () => undefined],
];

export class KernelReactions {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** @throws Error with the code of an errno, as the kernel refuses */
  write(path: string, text: string): void {
    const [, react] = REACTIONS.find(([pattern]) => pattern.test(path)) ?? [];
    if (react === undefined) writeFileSync(this.#at(path), text);
    else react(this, path, text.trim());
  }

  #at(path: string): string {
    return join(this.root, path);
  }

  #device(address: string): string {
    const link = this.#at(`bus/pci/devices/${address}`);
    if (!existsSync(link)) throw refused("ENODEV");
    return realpathSync(link);
  }

  #driverOf(device: string): string | undefined {
    const link = join(device, "driver");
    return existsSync(link) ? basename(readlinkSync(link)) : undefined;
  }

  unbind(path: string, address: string): void {
    const device = this.#device(address);
    if (this.#driverOf(device) !== basename(dirname(path))) throw refused("ENODEV");
    rmSync(join(device, "driver"));
    rmSync(join(dirname(this.#at(path)), address), { force: true });
    this.#hideCards(device, address);
  }

  bind(path: string, address: string): void {
    const device = this.#device(address);
    const driver = basename(dirname(path));
    if (this.#driverOf(device) !== undefined) throw refused("EBUSY");
    if (this.#wantedBy(device, address) !== driver) throw refused("ENODEV");
    this.#drive(device, driver);
  }

  probe(address: string): void {
    const device = this.#device(address);
    if (this.#driverOf(device) !== undefined) return;
    const driver = this.#wantedBy(device, address);
    if (driver !== undefined && existsSync(this.#at(`bus/pci/drivers/${driver}`)))
      this.#drive(device, driver);
  }

  #wantedBy(device: string, address: string): string | undefined {
    const override = textOf(join(device, "driver_override"));
    if (override !== "" && override !== "(null)") return override;
    const native = textOf(this.#at(`.native/${address}`));
    return native === "" ? undefined : native;
  }

  #drive(device: string, driver: string): void {
    const address = basename(device);
    const place = this.#at(`bus/pci/drivers/${driver}`);
    symlinkSync(relative(device, place), join(device, "driver"));
    symlinkSync(relative(place, device), join(place, address));
    if (driver === textOf(this.#at(`.native/${address}`))) this.#showCards(device, address);
  }

  /** Network cards are there while their driver is. */
  #hideCards(device: string, address: string): void {
    const cards = join(device, "net");
    if (!existsSync(cards)) return;
    for (const name of readdirSync(cards)) rmSync(this.#at(`class/net/${name}`), { force: true });
    const kept = this.#at(`.cards/${address}`);
    rmSync(kept, { recursive: true, force: true });
    cpSync(cards, kept, { recursive: true, verbatimSymlinks: true });
    rmSync(cards, { recursive: true });
  }

  #showCards(device: string, address: string): void {
    const kept = this.#at(`.cards/${address}`);
    if (!existsSync(kept)) return;
    cpSync(kept, join(device, "net"), { recursive: true, verbatimSymlinks: true });
    rmSync(kept, { recursive: true });
    mkdirSync(this.#at("class/net"), { recursive: true });
    for (const name of readdirSync(join(device, "net")))
      this.#linkTo(`class/net/${name}`, join(device, "net", name));
  }

  #linkTo(path: string, target: string): void {
    const link = this.#at(path);
    mkdirSync(dirname(link), { recursive: true });
    rmSync(link, { force: true });
    symlinkSync(relative(dirname(link), target), link);
  }

  override(path: string, text: string): void {
    writeFileSync(this.#at(path), `${text === "" ? "(null)" : text}\n`);
  }

  /** Virtual functions stand at `.virtual/PF/`, one directory for each, and are shown while they are there. */
  makeFunctions(path: string, text: string): void {
    const physical = dirname(realpathSync(this.#at(path)));
    const now = Number(textOf(this.#at(path)));
    const count = Number(text);
    if (count === now) return;
    if (count !== 0 && now !== 0) throw refused("EBUSY");
    if (!(count <= Number(textOf(join(physical, "sriov_totalvfs"))))) throw refused("ERANGE");
    for (let index = 0; index < Math.max(now, count); index++)
      if (count === 0) this.#takeFunction(physical, index);
      else this.#showFunction(physical, index);
    writeFileSync(this.#at(path), `${count}\n`);
  }

  #takeFunction(physical: string, index: number): void {
    const link = join(physical, `virtfn${index}`);
    const device = realpathSync(link);
    const driver = this.#driverOf(device);
    if (driver !== undefined) this.unbind(`/bus/pci/drivers/${driver}/unbind`, basename(device));
    const group = join(device, "iommu_group");
    if (existsSync(group)) rmSync(realpathSync(group), { recursive: true });
    rmSync(this.#at(`bus/pci/devices/${basename(device)}`));
    rmSync(link);
    rmSync(device, { recursive: true });
  }

  #showFunction(physical: string, index: number): void {
    const waiting = this.#at(`.virtual/${basename(physical)}/${index}`);
    const address = textOf(join(waiting, "address"));
    const device = join(dirname(physical), address);
    cpSync(join(waiting, "device"), device, { recursive: true, verbatimSymlinks: true });
    symlinkSync(`../${basename(physical)}`, join(device, "physfn"));
    symlinkSync(`../${address}`, join(physical, `virtfn${index}`));
    this.#linkTo(`bus/pci/devices/${address}`, device);
    const group = textOf(join(waiting, "group"));
    this.#linkTo(`kernel/iommu_groups/${group}/devices/${address}`, device);
    const place = this.#at(`kernel/iommu_groups/${group}`);
    symlinkSync(relative(device, place), join(device, "iommu_group"));
    this.probe(address);
  }

  makeMdev(path: string, uuid: string): void {
    const type = dirname(realpathSync(this.#at(path)));
    const parent = dirname(dirname(type));
    const left = Number(textOf(join(type, "available_instances")) || "1");
    if (left === 0) throw refused("EUSERS");
    if (existsSync(join(parent, uuid))) throw refused("EEXIST");
    mkdirSync(join(parent, uuid));
    symlinkSync(`../mdev_supported_types/${basename(type)}`, join(parent, uuid, "mdev_type"));
    writeFileSync(join(parent, uuid, "remove"), "");
    writeFileSync(join(type, "available_instances"), `${left - 1}\n`);
    this.#linkTo(`bus/mdev/devices/${uuid}`, join(parent, uuid));
  }

  removeMdev(path: string): void {
    const device = dirname(realpathSync(this.#at(path)));
    if (!existsSync(join(device, "mdev_type"))) throw refused("EPERM");
    const type = realpathSync(join(device, "mdev_type"));
    const left = join(type, "available_instances");
    writeFileSync(left, `${Number(textOf(left)) + 1}\n`);
    rmSync(this.#at(`bus/mdev/devices/${basename(device)}`), { force: true });
    rmSync(device, { recursive: true });
  }
}

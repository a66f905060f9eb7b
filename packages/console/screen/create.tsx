import { ActionGroup, Button, Form, ToggleGroup, ToggleGroupItem } from "@patternfly/react-core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import {
  CloudField,
  ImageFields,
  MachineFields,
  MediaFields,
  NetworkField,
  StartField,
  TemplateField,
  UseField,
  VolumeFields,
  type FieldsProps,
} from "../create/fields.tsx";
import { Preview } from "../create/preview.tsx";
import { useJob } from "../create/use-job.ts";
import { usePlan, type CreatePlan } from "../create/use-plan.ts";
import { SOURCES } from "../create/sources.ts";
import { FIRST, type Wish } from "../create/wish.ts";
import { percentText } from "../data/bytes.ts";
import { Equivalents } from "../part/equivalents.tsx";
import { Fault } from "../part/fault.tsx";
import { TextField } from "../part/field.tsx";
import { Meter } from "../part/meter.tsx";
import { Screen } from "../part/screen.tsx";

/** What is asked, by what it begins with. */
function Fields({ wish, change, plan }: FieldsProps & { readonly plan: CreatePlan }): ReactElement {
  const both = { wish, change };
  const { images, best } = plan;
  const { from } = wish;
  if (from === "template")
    return (
      <>
        <TemplateField {...both} />
        <UseField {...both} uses={["layer", "copy"]} />
      </>
    );
  return (
    <>
      {from === "iso" ? <MediaFields {...both} images={images} /> : null}
      {from === "image" || from === "cloud" ? <ImageFields {...both} images={images} /> : null}
      {wish.use === "itself" && from === "image" ? null : <VolumeFields {...both} />}
      {from === "cloud" ? <CloudField {...both} /> : null}
      <MachineFields {...both} best={best} />
      <NetworkField {...both} />
      <StartField {...both} />
    </>
  );
}

function Sources({ from }: { readonly from: Wish["from"] }): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: "/create" });
  return (
    <ToggleGroup aria-label={t("create.from")} className="vireo-wrap">
      {SOURCES.map((one) => (
        <ToggleGroupItem
          key={one}
          buttonId={`from-${one}`}
          text={t(`create.sources.${one}`)}
          isSelected={from === one}
          onChange={() => void navigate({ search: { from: one }, replace: true })}
        />
      ))}
    </ToggleGroup>
  );
}

/** What is missing before it can be made; in words of the catalogue. */
function missing(wish: Wish): string | undefined {
  if (wish.name === "") return "create.needsName";
  if ((wish.from === "image" || wish.from === "cloud") && wish.image === "")
    return "create.needsImage";
  if (wish.from === "cloud" && wish.pool === "") return "create.needsPool";
  if (wish.from === "template" && wish.template === "") return "create.needsTemplate";
  return undefined;
}

/** One page: what is asked beside what comes of it. */
export function Create(): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { from = "iso" } = useSearch({ from: "/create" });
  const [chosen, setChosen] = useState(FIRST);
  const wish: Wish = { ...chosen, from };
  const change = (part: Partial<Wish>): void => setChosen((before) => ({ ...before, ...part }));
  const plan = usePlan(wish);
  const { run, part, cancel, error } = useJob();
  const lack = missing(wish);
  const go = async (): Promise<void> => {
    if (await run(plan.action))
      await navigate({ to: "/domains/$name", params: { name: wish.name } });
  };
  return (
    <Screen title={t("nav.create")}>
      <Sources from={from} />
      <div className="vireo-halves">
        <Form
          onSubmit={(event) => {
            event.preventDefault();
            void go();
          }}
        >
          <TextField
            id="name"
            label={t("create.name")}
            value={wish.name}
            onChange={(name) => change({ name })}
          />
          <Fields wish={wish} change={change} plan={plan} />
          <Fault error={error} />
          {part === undefined ? null : (
            <Meter label={t("create.go")} part={part} text={percentText(part)} />
          )}
          <ActionGroup>
            <Button
              type="submit"
              isLoading={part !== undefined}
              isDisabled={part !== undefined || lack !== undefined}
            >
              {t("create.go")}
            </Button>
            {cancel === undefined ? null : (
              <Button variant="link" onClick={cancel}>
                {t("action.cancel")}
              </Button>
            )}
            <Equivalents action={plan.action} />
            <span className="vireo-quiet">{lack === undefined ? null : t(lack)}</span>
          </ActionGroup>
        </Form>
        <Preview xml={plan.xml} preview={plan.preview} action={plan.action} />
      </div>
    </Screen>
  );
}

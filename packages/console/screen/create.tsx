import {
  ActionGroup,
  Alert,
  Button,
  Form,
  Progress,
  ToggleGroup,
  ToggleGroupItem,
} from "@patternfly/react-core";
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
  VolumeFields,
  type FieldsProps,
} from "../create/fields.tsx";
import { Preview } from "../create/preview.tsx";
import { useCreate } from "../create/use-create.ts";
import { usePlan, type CreatePlan } from "../create/use-plan.ts";
import { SOURCES } from "../create/sources.ts";
import { FIRST, type Wish } from "../create/wish.ts";
import { Fault } from "../part/fault.tsx";
import { TextField } from "../part/field.tsx";
import { Screen } from "../part/screen.tsx";

/** What is asked, by what it begins with. */
function Fields({ wish, change, plan }: FieldsProps & { readonly plan: CreatePlan }): ReactElement {
  const both = { wish, change };
  const { images, best } = plan;
  const { from } = wish;
  if (from === "template") return <TemplateField {...both} />;
  return (
    <>
      {from === "iso" ? <MediaFields {...both} images={images} /> : null}
      {from === "image" || from === "cloud" ? <ImageFields {...both} images={images} /> : null}
      {wish.use === "itself" && from === "image" ? null : <VolumeFields {...both} />}
      {from === "cloud" ? <CloudField {...both} /> : null}
      <MachineFields {...both} best={best} />
      <NetworkField {...both} />
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
  const { run, done, error } = useCreate();
  const lack = missing(wish);
  const go = async (): Promise<void> => {
    if (await run(plan.steps))
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
          <StartField wish={wish} change={change} />
          {plan.left.length === 0 ? null : (
            <Alert
              isInline
              variant="warning"
              title={t("create.left", { disks: plan.left.join(", ") })}
            />
          )}
          <Fault error={error} />
          {done === undefined ? null : (
            <Progress
              aria-label={t("create.go")}
              value={(done / plan.steps.length) * 100}
              label={plan.steps[done]?.action.operation}
              measureLocation="outside"
            />
          )}
          <ActionGroup>
            <Button
              type="submit"
              isLoading={done !== undefined}
              isDisabled={done !== undefined || lack !== undefined}
            >
              {t("create.go")}
            </Button>
            <span className="vireo-quiet">{lack === undefined ? null : t(lack)}</span>
          </ActionGroup>
        </Form>
        <Preview xml={plan.xml} steps={plan.steps} />
      </div>
    </Screen>
  );
}

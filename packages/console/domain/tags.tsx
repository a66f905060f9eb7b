import { Button, Label, LabelGroup, TextInput } from "@patternfly/react-core";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { TAGS_PREFIX, TAGS_URI, tagsElement } from "@vireo/model/domain/tags-element";
import { useAct, type Action } from "../data/operation.ts";
import { Equivalents } from "../part/equivalents.tsx";
import { Fault } from "../part/fault.tsx";
import { TagLabels } from "../part/tag-labels.tsx";
import type { DomainSummary, DomainTabProps } from "./domain-tab.ts";

function tagging({ uuid, id }: DomainSummary, tags: readonly string[]): Action {
  const value = tagsElement(tags);
  return {
    operation: "domain.setMetadata",
    input: {
      domain: { uuid },
      kind: "element",
      uri: TAGS_URI,
      ...(value === undefined ? {} : { value, prefix: TAGS_PREFIX }),
      config: true,
      ...(id === undefined ? {} : { live: true }),
    },
  };
}

/** Words by which a domain is found; they travel in its metadata. */
export function Tags({
  domain,
  isFixed,
}: DomainTabProps & { readonly isFixed: boolean }): ReactElement {
  const { t } = useTranslation();
  const { mutate, isPending, error } = useAct();
  const [typed, setTyped] = useState("");
  const { tags } = domain;
  if (isFixed) return <TagLabels tags={tags} />;
  const tag = typed.trim();
  const more = tag === "" || tags.includes(tag) ? tags : [...tags, tag];
  return (
    <div className="vireo-stack">
      <LabelGroup numLabels={20} aria-label={t("list.tags")}>
        {tags.map((one) => (
          <Label
            key={one}
            variant="outline"
            closeBtnAriaLabel={t("action.of", { action: t("action.remove"), name: one })}
            onClose={() =>
              mutate(
                tagging(
                  domain,
                  tags.filter((other) => other !== one),
                ),
              )
            }
          >
            {one}
          </Label>
        ))}
      </LabelGroup>
      <form
        className="vireo-line"
        onSubmit={(event) => {
          event.preventDefault();
          if (more !== tags) mutate(tagging(domain, more), { onSuccess: () => setTyped("") });
        }}
      >
        <span>
          <TextInput
            aria-label={t("domain.newTag")}
            placeholder={t("domain.newTag")}
            value={typed}
            onChange={(_event, text) => setTyped(text)}
          />
        </span>
        <Button type="submit" variant="secondary" isLoading={isPending} isDisabled={more === tags}>
          {t("action.add")}
        </Button>
        <Equivalents action={tagging(domain, more)} />
      </form>
      <Fault error={error} />
    </div>
  );
}

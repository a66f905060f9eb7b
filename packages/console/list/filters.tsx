import { FormSelect, FormSelectOption, SearchInput } from "@patternfly/react-core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { DOMAIN_STATES } from "@vireo/model/operation/domain-value";
import type { ListFilter } from "./list-filter.ts";

export function Filters({ tags }: { readonly tags: readonly string[] }): ReactElement {
  const { t } = useTranslation();
  const filter = useSearch({ from: "/domains" });
  const navigate = useNavigate({ from: "/domains" });
  const change = (next: ListFilter): void =>
    void navigate({ search: { ...filter, ...next }, replace: true });
  return (
    <>
      <SearchInput
        aria-label={t("list.filter")}
        placeholder={t("list.filter")}
        value={filter.name ?? ""}
        onChange={(_event, name) => change({ name })}
        onClear={() => change({ name: "" })}
      />
      <span>
        <FormSelect
          aria-label={t("list.stateFilter")}
          value={filter.state ?? ""}
          onChange={(_event, state) => change({ state })}
        >
          <FormSelectOption value="" label={t("list.all")} />
          {DOMAIN_STATES.map((state) => (
            <FormSelectOption key={state} value={state} label={t(`state.${state}`)} />
          ))}
        </FormSelect>
      </span>
      {tags.length === 0 ? null : (
        <span>
          <FormSelect
            aria-label={t("list.tagFilter")}
            value={filter.tag ?? ""}
            onChange={(_event, tag) => change({ tag })}
          >
            <FormSelectOption value="" label={t("list.allTags")} />
            {tags.map((tag) => (
              <FormSelectOption key={tag} value={tag} label={tag} />
            ))}
          </FormSelect>
        </span>
      )}
    </>
  );
}

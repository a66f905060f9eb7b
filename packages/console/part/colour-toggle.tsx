import { ToggleGroup, ToggleGroupItem } from "@patternfly/react-core";
import MoonIcon from "@patternfly/react-icons/dist/esm/icons/moon-icon";
import SunIcon from "@patternfly/react-icons/dist/esm/icons/sun-icon";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { chooseColours, chosenColours, type Colours } from "./colours.ts";

const CHOICES = [
  { colours: "light", label: "settings.light", icon: <SunIcon /> },
  { colours: "dark", label: "settings.dark", icon: <MoonIcon /> },
] as const;

/** Choosing what is chosen already goes back to what the system says. */
export function ColourToggle(): ReactElement {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<Colours>(chosenColours);
  const choose = (colours: Colours): void => {
    const next = colours === chosen ? "system" : colours;
    chooseColours(next);
    setChosen(next);
  };
  return (
    <ToggleGroup aria-label={t("settings.colours")} isCompact>
      {CHOICES.map(({ colours, label, icon }) => (
        <ToggleGroupItem
          key={colours}
          aria-label={t(label)}
          icon={icon}
          isSelected={chosen === colours}
          onChange={() => choose(colours)}
        />
      ))}
    </ToggleGroup>
  );
}

import type { ReactNode } from "react";
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from "react-aria-components";
import css from "./Tabs.module.css";

export type TabSpec<Id extends string> = {
  id: Id;
  label: string;
  count?: number;
  content: ReactNode;
};

/** Ink underline, a count beside the name; `trailing` stands at the right end of the row. */
export function Tabs<Id extends string>({
  label,
  tabs,
  value,
  onChange,
  trailing,
}: {
  label: string;
  tabs: readonly TabSpec<Id>[];
  value: Id;
  onChange: (id: Id) => void;
  trailing?: ReactNode;
}) {
  return (
    <AriaTabs
      className={css.tabs ?? ""}
      selectedKey={value}
      onSelectionChange={(key) => {
        const chosen = tabs.find((tab) => tab.id === key);
        if (chosen) onChange(chosen.id);
      }}
    >
      <div className={css.bar}>
        <TabList aria-label={label} className={css.list ?? ""}>
          {tabs.map((tab) => (
            <Tab key={tab.id} id={tab.id} className={css.tab ?? ""}>
              {tab.label}
              {tab.count !== undefined && <span className={css.count}>{tab.count}</span>}
            </Tab>
          ))}
        </TabList>
        {trailing}
      </div>
      {tabs.map((tab) => (
        <TabPanel key={tab.id} id={tab.id} className={css.panel ?? ""}>
          {tab.content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}

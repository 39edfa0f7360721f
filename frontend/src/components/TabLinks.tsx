import { ScrollArea, Tabs } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import classes from './TabLinks.module.css';

export interface TabLink {
  value: string;
  label: string;
  icon?: ReactNode;
  count?: number | undefined;
}

interface Props {
  label: string;
  value: string;
  tabs: readonly TabLink[];
  onChange: (value: string) => void;
  children: ReactNode;
}

/** Tabs whose panels are pages of their own; they scroll sideways where they do not fit. */
export function TabLinks({ label, value, tabs, onChange, children }: Props) {
  const viewport = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (viewport.current) showChosen(viewport.current);
  }, [value]);
  return (
    <Tabs
      value={value}
      onChange={(chosen) => {
        if (chosen !== null) onChange(chosen);
      }}
      keepMounted={false}
    >
      <ScrollArea type="never" mb="md" viewportRef={viewport}>
        <Tabs.List
          aria-label={label}
          style={{ flexWrap: 'nowrap', width: 'max-content', minWidth: '100%' }}
        >
          {tabs.map((tab) => (
            <Tabs.Tab
              key={tab.value}
              value={tab.value}
              leftSection={tab.icon}
              classNames={{ tab: classes.tab, tabSection: classes.icon }}
            >
              {tab.label}
              {tab.count === undefined ? '' : ` (${tab.count.toLocaleString('en')})`}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </ScrollArea>
      <Tabs.Panel value={value}>{children}</Tabs.Panel>
    </Tabs>
  );
}

/** Scrolls a row of tabs sideways until the chosen one is seen whole, with a bit of the next. */
function showChosen(row: HTMLElement): void {
  const tab = row.querySelector('[role="tab"][aria-selected="true"]');
  if (!tab) return;
  const room = row.getBoundingClientRect();
  const { left, right } = tab.getBoundingClientRect();
  const margin = 32;
  if (left - margin < room.left) row.scrollLeft += left - margin - room.left;
  else if (right + margin > room.right) row.scrollLeft += right + margin - room.right;
}

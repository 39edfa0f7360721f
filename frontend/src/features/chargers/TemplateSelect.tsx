import { Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { chargerTemplatesQuery } from '@/api/chargerTemplates';
import type { ChargerTemplate } from '@/api/types';
import { CUSTOM, templateChoices, templateFacts } from './templates';

interface Props {
  /** Empty: none. */
  value: string;
  /** What the API says of the choice. */
  problem?: ReactNode;
  onChange: (template: ChargerTemplate | null) => void;
}

/** The model that a new charger is made from, or none. */
export function TemplateSelect({ value, problem, onChange }: Props) {
  const { data: templates = [], error } = useQuery(chargerTemplatesQuery);
  const chosen = templates.find(({ id }) => id === value);
  return (
    <div>
      <Select
        label="Template"
        description="Fills the form with a model of charger; everything can be changed."
        searchable
        allowDeselect={false}
        nothingFoundMessage="No such template"
        error={problem ?? (error && 'The templates cannot be had; Custom works.')}
        data={templateChoices(templates)}
        value={value === '' ? CUSTOM : value}
        onChange={(id) => {
          onChange(templates.find((template) => template.id === id) ?? null);
        }}
      />
      <div role="status">
        {chosen && (
          <>
            <Text size="sm" mt="xs">
              {chosen.description}
            </Text>
            <Text size="xs" c="dimmed">
              {templateFacts(chosen)}
            </Text>
          </>
        )}
      </div>
    </div>
  );
}

/** What the form makes of a charger template; pure. */
import type { ChargerTemplate } from '@/api/types';
import {
  type ChargerFormValues,
  type ConnectorValues,
  hardwareValues,
  newCharger,
} from './chargerForm';

/** The choice that is no template: the form as it is. */
export const CUSTOM = 'custom';

interface Choice {
  value: string;
  label: string;
}

/** The choices of the select: Custom, the user's own, then the built-in ones by their power. */
export function templateChoices(
  templates: readonly ChargerTemplate[],
): (Choice | { group: string; items: Choice[] })[] {
  const groups: [string, (template: ChargerTemplate) => boolean][] = [
    ['Your own', ({ built_in }) => !built_in],
    ['AC', (template) => template.built_in && !hasDc(template)],
    ['DC', (template) => template.built_in && hasDc(template)],
  ];
  const grouped = groups.map(([group, belongs]) => ({
    group,
    items: templates.filter(belongs).map(({ id, name }) => ({ value: id, label: name })),
  }));
  return [{ value: CUSTOM, label: 'Custom' }, ...grouped.filter(({ items }) => items.length > 0)];
}

/** The form filled from a template, or (null) as a new charger's; who and where it is stays. */
export function withTemplate(
  values: ChargerFormValues,
  template: ChargerTemplate | null,
): ChargerFormValues {
  const plain = newCharger([], 0);
  const connectors = template?.connectors.map((connector): ConnectorValues => ({
    power_type: connector.power_type,
    max_power_kw: connector.max_power_w / 1000,
    phases: connector.phases === 1 ? '1' : '3',
    cable: connector.cable,
  })) ?? [plain.connector];
  const [first = plain.connector] = connectors;
  return {
    ...values,
    template_id: template?.id ?? '',
    connector_count: connectors.length,
    connector: first,
    connectors_differ: connectors.some((one) => JSON.stringify(one) !== JSON.stringify(first)),
    connectors,
    hardware: template === null ? plain.hardware : hardwareValues(template),
    charge_point_vendor: template?.charge_point_vendor ?? plain.charge_point_vendor,
    charge_point_model: template?.charge_point_model ?? plain.charge_point_model,
    firmware_version: template?.firmware_version ?? plain.firmware_version,
  };
}

/** What the form has no fields for, in a line: what is shared, what the meter is. */
export function templateFacts({
  shared_power_w,
  module_power_w,
  meter,
  configuration,
}: ChargerTemplate): string {
  const kw = (power_w: number) => `${power_w / 1000} kW`;
  const facts: string[] = [];
  if (shared_power_w !== null) {
    const modules = module_power_w === null ? '' : ` in modules of ${kw(module_power_w)}`;
    facts.push(`${kw(shared_power_w)} shared${modules}`);
  }
  facts.push(
    meter.accuracy_class_percent > 0
      ? `meter within ${meter.accuracy_class_percent} %`
      : 'exact meter',
  );
  if (meter.measurands !== null) {
    const count = meter.measurands.length;
    facts.push(`${count} ${count === 1 ? 'measurand' : 'measurands'}`);
  }
  const keys = Object.keys(configuration).length;
  if (keys > 0) facts.push(`${keys} configuration ${keys === 1 ? 'key' : 'keys'} set`);
  return facts.join(' · ');
}

function hasDc({ connectors }: ChargerTemplate): boolean {
  return connectors.some(({ power_type }) => power_type === 'DC');
}

/** Plans to start from. Each has the address of the demo CSMS. */
import badDay from './plans/bad-day.yaml?raw';
import load from './plans/load.yaml?raw';
import small from './plans/small.yaml?raw';

export const EXAMPLES = {
  small: { label: 'Small', about: '10 chargers, 1 min', plan: small },
  load: { label: 'Load', about: '1,000 chargers, 10 min', plan: load },
  'bad-day': { label: 'Bad day', about: '100 chargers, 5 min, much goes wrong', plan: badDay },
} as const;

export type ExampleName = keyof typeof EXAMPLES;

export const EXAMPLE_NAMES = Object.keys(EXAMPLES) as ExampleName[];

/** The example of that name, where there is one. */
export function exampleNamed(name: unknown): ExampleName | undefined {
  return EXAMPLE_NAMES.find((each) => each === name);
}

import { StateBadge } from '@/components/StateBadge';
import { RUN_COLORS, RUN_MEANINGS, RUN_WORDS, type RunState } from './model';

export function RunBadge({ state }: { state: RunState }) {
  return (
    <StateBadge color={RUN_COLORS[state]} label={RUN_WORDS[state]} hint={RUN_MEANINGS[state]} />
  );
}

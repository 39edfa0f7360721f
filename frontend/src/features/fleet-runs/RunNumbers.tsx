import type { FleetRun, FleetRunProgress } from '@/api/types';
import classes from './RunNumbers.module.css';
import { numbersOf } from './numbers';

/** The run in a few numbers: of now while it goes on, of the whole when it is over. */
export function RunNumbers({ run, progress }: { run: FleetRun; progress: FleetRunProgress }) {
  return (
    <dl className={classes.numbers} aria-label="The run in numbers">
      {numbersOf(run, progress).map(({ name, value, more, bad }) => (
        <div key={name} className={classes.number}>
          <dt>{name}</dt>
          <dd>
            <span className={bad ? `${classes.value} ${classes.bad}` : classes.value}>{value}</span>
            <span className={classes.more}>{more}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

import { Input } from '@mantine/core';
import { type Ref, useId, useState } from 'react';
import classes from './PlanEditor.module.css';
import { type PlanFault, lineCount, lineSpan } from './newRun';

interface Props {
  value: string;
  onChange: (value: string) => void;
  fault: PlanFault | null;
  /** The field itself; see {@link showLine}. */
  textRef: Ref<HTMLTextAreaElement>;
}

/** As in the style sheet. */
const LINE_PX = 20;

/** A plan as text with numbered lines; what is wrong is told with its line, which is marked. */
export function PlanEditor({ value, onChange, fault, textRef }: Props) {
  const id = useId();
  const [scrolled_px, setScrolled] = useState(0);
  const moved = { transform: `translateY(${-scrolled_px}px)` };
  const numbers = Array.from({ length: lineCount(value) }, (_, index) => index + 1).join('\n');
  return (
    <Input.Wrapper
      id={id}
      label="Plan"
      inputWrapperOrder={['label', 'error', 'input']}
      error={
        fault && (fault.line === null ? fault.message : `Line ${fault.line}: ${fault.message}`)
      }
      styles={{
        error: {
          margin: '2px 0 6px',
          fontSize: 'var(--mantine-font-size-sm)',
          overflowWrap: 'anywhere',
        },
      }}
    >
      <div className={classes.editor} data-invalid={fault ? true : undefined}>
        <div className={classes.margin} aria-hidden>
          <div style={moved}>{numbers}</div>
        </div>
        <div className={classes.area}>
          {fault?.line != null && (
            <div style={moved} aria-hidden>
              <div className={classes.fault} style={{ marginTop: (fault.line - 1) * LINE_PX }} />
            </div>
          )}
          <textarea
            id={id}
            ref={textRef}
            className={classes.text}
            value={value}
            wrap="off"
            spellCheck={false}
            autoCapitalize="off"
            autoComplete="off"
            aria-invalid={fault !== null}
            aria-describedby={fault ? `${id}-error` : undefined}
            onChange={(event) => {
              onChange(event.currentTarget.value);
            }}
            onScroll={(event) => {
              setScrolled(event.currentTarget.scrollTop);
            }}
          />
        </div>
      </div>
    </Input.Wrapper>
  );
}

/** Takes the keyboard to a line of the plan, and the line to the middle of what is seen of it. */
export function showLine(field: HTMLTextAreaElement, line: number | null): void {
  if (line !== null) {
    const { start, end } = lineSpan(field.value, line);
    field.setSelectionRange(start, end);
    field.scrollTop = Math.round(line - 0.5 - field.clientHeight / LINE_PX / 2) * LINE_PX;
    field.scrollLeft = 0;
  }
  field.focus({ preventScroll: true });
  field.scrollIntoView({ block: 'center' });
}

import { useId, type ReactNode } from 'react';
import { Fault } from './fault';

/** One of a few, each with what it means. */
export function Choice<T extends string>({
  legend,
  options,
  value,
  error,
  disabled,
  onChange,
}: {
  legend: ReactNode;
  options: readonly { value: T; label: string; hint?: string }[];
  value: T;
  error?: string;
  disabled?: boolean;
  onChange: (value: T) => void;
}) {
  const name = useId();
  return (
    <fieldset className="grid gap-2" disabled={disabled} aria-describedby={error && `${name}-error`}>
      <legend className="mb-1.5 text-sm font-medium">{legend}</legend>
      {options.map((one) => (
        <label
          key={one.value}
          className="flex cursor-pointer items-start gap-2 text-sm has-disabled:cursor-not-allowed has-disabled:opacity-60"
        >
          <input
            type="radio"
            name={name}
            className="mt-0.5 size-4 shrink-0 accent-[var(--ring)]"
            data-invalid={Boolean(error)}
            checked={value === one.value}
            onChange={() => onChange(one.value)}
          />
          <span>
            <span className="font-medium">{one.label}</span>
            {one.hint && <span className="block text-xs text-muted-foreground">{one.hint}</span>}
          </span>
        </label>
      ))}
      <Fault id={`${name}-error`}>{error}</Fault>
    </fieldset>
  );
}

import { useId } from 'react';
import { Fault } from './fault';
import { Checkbox } from './ui/checkbox';

/** A box with its words, what it means, and its fault. */
export function Tick({
  label,
  hint,
  error,
  checked,
  onChange,
}: {
  label: string;
  hint?: string;
  error?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <label className="flex cursor-pointer items-start gap-2 text-sm">
        <Checkbox
          className="mt-0.5"
          aria-invalid={Boolean(error)}
          aria-describedby={error && id}
          checked={checked}
          onChange={(event) => onChange(event.target.checked)}
        />
        <span>
          <span className="font-medium">{label}</span>
          {hint && <span className="block text-xs text-muted-foreground">{hint}</span>}
        </span>
      </label>
      <Fault id={id}>{error}</Fault>
    </div>
  );
}

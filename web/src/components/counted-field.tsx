import type { ReactNode } from 'react';
import { useFormat } from '@/lib/format';
import { cn } from '@/lib/utils';
import { Field } from './field';
import { Input } from './ui/input';

/** How many characters a text has, and how many it may have. */
export function Count({ text, most }: { text: string; most: number }) {
  const format = useFormat();
  const count = [...text].length;
  return (
    <span
      dir="ltr"
      className={cn('shrink-0 whitespace-nowrap tabular-nums', count > most && 'font-medium text-destructive-text')}
    >
      {format.number(count)} / {format.number(most)}
    </span>
  );
}

/** A line of text with its rule and its count. */
export function CountedField({
  label,
  rule,
  error,
  value,
  most,
  dir = 'auto',
  disabled,
  onChange,
}: {
  label: ReactNode;
  rule?: ReactNode;
  error?: string;
  value: string;
  most: number;
  dir?: string;
  disabled?: boolean;
  onChange: (value: string) => void;
}) {
  const hint = (
    <span className="flex justify-between gap-3">
      <span>{rule}</span>
      <Count text={value} most={most} />
    </span>
  );
  return (
    <Field label={label} hint={hint} error={error}>
      <Input
        dir={dir}
        disabled={disabled}
        autoComplete="off"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}

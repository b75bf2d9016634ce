import { useId, useState, type KeyboardEvent, type ReactNode } from 'react';
import { cn } from '@/lib/utils';
import { Input } from './ui/input';

export interface PickerControl {
  id?: string;
  'aria-label'?: string;
  'aria-invalid'?: boolean;
  'aria-describedby'?: string;
}

/** Finds one of many things by the words that a person writes. */
export function Picker<T extends { id: string }>({
  shown,
  placeholder,
  listLabel,
  text,
  onText,
  options,
  option,
  onPick,
  ...control
}: PickerControl & {
  /** What stands in the field while nobody searches. */
  shown: string;
  placeholder: string;
  listLabel: string;
  /** What the person searches for, or null. */
  text: string | null;
  onText: (text: string | null) => void;
  options: T[];
  option: (one: T) => ReactNode;
  onPick: (one: T) => void;
}) {
  const list = useId();
  const [at, setAt] = useState(0);
  const pick = (one: T) => {
    onPick(one);
    onText(null);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setAt((before) => Math.max(0, Math.min(options.length - 1, before + (event.key === 'ArrowDown' ? 1 : -1))));
    } else if (event.key === 'Enter' && options[at]) {
      event.preventDefault();
      pick(options[at]);
    } else if (event.key === 'Escape' && text !== null) {
      event.stopPropagation();
      onText(null);
    }
  };
  return (
    <div className="relative">
      <Input
        {...control}
        role="combobox"
        aria-expanded={options.length > 0}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={options[at] && `${list}-${at}`}
        autoComplete="off"
        placeholder={placeholder}
        value={text ?? shown}
        onChange={(event) => {
          onText(event.target.value);
          setAt(0);
        }}
        onKeyDown={press}
        onBlur={() => onText(null)}
      />
      <ul
        id={list}
        role="listbox"
        aria-label={listLabel}
        className={cn(
          'absolute inset-x-0 top-full z-10 mt-1 rounded-md border bg-popover p-1 shadow-md',
          !options.length && 'hidden',
        )}
      >
        {options.map((one, index) => (
          <li
            key={one.id}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === at}
            className={cn(
              'flex cursor-pointer justify-between gap-2 rounded-sm p-2 text-sm',
              index === at && 'bg-muted',
            )}
            // The field keeps the focus, so that its list stays open until the click ends.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => pick(one)}
          >
            {option(one)}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What is wrong with several fields together. A control names it by its id. */
export function Fault({ id, children }: { id?: string; children: string | undefined }) {
  if (!children) return null;
  return (
    <p id={id} role="alert" className="text-sm text-destructive-text">
      {children}
    </p>
  );
}

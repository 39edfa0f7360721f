import {
  Alert,
  Anchor,
  Button,
  Menu,
  Modal,
  SegmentedControl,
  Table,
  TableScrollContainer,
  Tooltip,
  createTheme,
} from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'cyan',
  // The shade whose white text is readable (WCAG AA) in both schemes.
  primaryShade: 9,
  defaultRadius: 'md',
  respectReducedMotion: true,
  cursorType: 'pointer',
  fontFamily:
    'Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif',
  headings: { fontWeight: '650' },
  components: {
    // Coloured titles are hard to read on the coloured ground; the ground says enough.
    Alert: Alert.extend({ styles: { title: { color: 'var(--mantine-color-text)' } } }),
    Anchor: Anchor.extend({ defaultProps: { underline: 'hover' } }),
    Button: Button.extend({ defaultProps: { size: 'sm' } }),
    // Opened by the keyboard, a menu is at its first item.
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false } }),
    Modal: Modal.extend({
      defaultProps: { centered: true, closeButtonProps: { 'aria-label': 'Close dialog' } },
    }),
    SegmentedControl: SegmentedControl.extend({ defaultProps: { size: 'sm' } }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 'xs' } }),
    // The library's own scrollbar comes on top of the browser's here.
    TableScrollContainer: TableScrollContainer.extend({
      defaultProps: { type: 'native' },
      // Else what is hidden in the table for screen readers makes the page wider.
      styles: { scrollContainer: { position: 'relative' } },
    }),
    Tooltip: Tooltip.extend({ defaultProps: { withArrow: true, openDelay: 250 } }),
  },
});

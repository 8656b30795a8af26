import { Component, h } from 'preact';

/**
 * A component that is redrawn only if its properties change. Unlike a vnode in useMemo, it does not keep the tree in
 * which it was first drawn in memory.
 *
 * @param {Function} component
 * @param {(before: Object, after: Object) => boolean} isSame whether both look the same
 */
export function memo(component, isSame = haveSameValues) {
  return class extends Component {
    shouldComponentUpdate(next) {
      return !isSame(this.props, next);
    }

    render(properties) {
      return h(component, properties);
    }
  };
}

function haveSameValues(before, after) {
  return Object.keys({ ...before, ...after }).every((name) => Object.is(before[name], after[name]));
}

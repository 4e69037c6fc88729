// Which sessions of a day stand side by side.

/**
 * Gives each block a lane, so that blocks which overlap are in different ones.
 * @template {{start: number, minutes: number}} Block
 * @param {Block[]} blocks
 * @returns {(Block & {lane: number, lanes: number})[]} by start; `lanes` is the number of lanes where the block stands
 */
export function inLanes(blocks) {
  const placed = [];
  let group = [], ends = [], groupEnd = -1;
  const close = () => {
    for (const block of group) block.lanes = ends.length;
    group = [];
    ends = [];
  };
  for (const block of [...blocks].sort((a, b) => a.start - b.start || b.minutes - a.minutes)) {
    if (block.start >= groupEnd) close();
    let lane = ends.findIndex((end) => end <= block.start);
    if (lane < 0) lane = ends.length;
    const end = block.start + Math.max(block.minutes, 25);
    ends[lane] = end;
    groupEnd = Math.max(groupEnd, end);
    const at = { ...block, lane, lanes: 1 };
    group.push(at);
    placed.push(at);
  }
  close();
  return placed;
}

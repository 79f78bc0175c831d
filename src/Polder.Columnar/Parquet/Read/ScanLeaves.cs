using System.Collections.Generic;
using System.Linq;

namespace Polder.Parquet.Read;

/// <summary>
/// The leaves that a read decodes, those of a filter's columns first: where rows are filtered, they are decoded early,
/// and the others late, for the rows that are left.
/// </summary>
internal sealed class ScanLeaves
{
    private readonly List<LeafPlan> _leaves = [];
    private readonly HashSet<int> _earlyFields = [];

    /// <summary>Sorts them.</summary>
    /// <param name="output">What comes out.</param>
    /// <param name="filter">What the filter looks at; null = rows are not filtered.</param>
    public ScanLeaves(ReadPlan output, ReadPlan? filter)
    {
        Output = output;
        Filter = filter;
        FilterLeaves = [.. (filter?.Leaves ?? []).Select(Add)];
        int filterCount = _leaves.Count;

        // A field is put together from leaves of the same rows: if any of them is early, all are.
        for (int fieldIndex = 0; fieldIndex < output.Fields.Count; fieldIndex++)
        {
            LeafPlan[] below = [.. output.LeavesOf(fieldIndex)];
            if (below.Any(leaf => Find(leaf) is >= 0 and int position && position < filterCount))
            {
                _earlyFields.Add(fieldIndex);
                foreach (LeafPlan leaf in below)
                {
                    Add(leaf);
                }
            }
        }

        EarlyCount = _leaves.Count;
        OutputLeaves = [.. output.Leaves.Select(Add)];
    }

    /// <summary>What comes out.</summary>
    public ReadPlan Output { get; }

    /// <summary>What the filter looks at; null where rows are not filtered.</summary>
    public ReadPlan? Filter { get; }

    /// <summary>The leaves, the early ones first.</summary>
    public IReadOnlyList<LeafPlan> Leaves => _leaves;

    /// <summary>How many leaves are early.</summary>
    public int EarlyCount { get; }

    /// <summary>Where the leaves of <see cref="Output"/> stand in <see cref="Leaves"/>.</summary>
    public IReadOnlyList<int> OutputLeaves { get; }

    /// <summary>Where the leaves of <see cref="Filter"/> stand in <see cref="Leaves"/>.</summary>
    public IReadOnlyList<int> FilterLeaves { get; }

    /// <summary>Whether a field of <see cref="Output"/> is put together from early leaves.</summary>
    public bool IsEarly(int fieldIndex) => _earlyFields.Contains(fieldIndex);

    private int Add(LeafPlan leaf)
    {
        int position = Find(leaf);
        if (position < 0)
        {
            position = _leaves.Count;
            _leaves.Add(leaf);
        }

        return position;
    }

    private int Find(LeafPlan leaf) => _leaves.FindIndex(known => known == leaf);
}

using System.Collections.Generic;
using System.Linq;
using Polder.Delta.Snapshots;
using Polder.Expressions;

namespace Polder.Delta.Scan;

/// <summary>Why a file need not be read.</summary>
/// <param name="By">partition or statistics.</param>
/// <param name="Columns">The columns whose values rule it out.</param>
internal sealed record FileSkip(string By, string Columns)
{
    public override string ToString() => $"{By}({Columns})";
}

/// <summary>
/// Decides from the log which files a predicate needs: by partition values first, then by statistics. A file is
/// skipped only where a part of the conjunction can be true for none of its rows; whatever is not known keeps it.
/// </summary>
internal sealed class FilePruner
{
    private readonly IReadOnlyDictionary<string, ScanColumn> _columns;
    private readonly List<(Expression Condition, FileSkip Reason)> _conditions;

    public FilePruner(Expression? predicate, IReadOnlyDictionary<string, ScanColumn> columns)
    {
        _columns = columns;
        _conditions = [.. (predicate is null ? [] : Conjunction.Split(predicate))
            .Select(condition => (condition, Explain(condition)))
            .OrderBy(pair => pair.Item2.By == Partition ? 0 : 1)];
    }

    /// <summary>For every file why it is skipped, or null where it is kept.</summary>
    public FileSkip?[] Prune(FileTable files)
    {
        FileSkip?[] skips = new FileSkip?[files.Count];
        using FileStatistics statistics = new(files, _columns);
        for (int row = 0; row < skips.Length && _conditions.Count > 0; row++)
        {
            statistics.MoveTo(row);
            foreach ((Expression condition, FileSkip reason) in _conditions)
            {
                if (StatsPruner.Prune(condition, statistics) == PruneResult.Skip)
                {
                    skips[row] = reason;
                    break;
                }
            }
        }

        return skips;
    }

    private const string Partition = "partition";

    private FileSkip Explain(Expression condition)
    {
        List<string> names = [.. Conjunction.ColumnNames(condition).Distinct()];
        bool isPartition = names.Count > 0 &&
            names.All(name => _columns.TryGetValue(name, out ScanColumn? column) && column.IsPartition);
        return new FileSkip(isPartition ? Partition : "statistics", string.Join(", ", names));
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
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
/// <remarks>
/// <see cref="StatsPruner"/> is what decides. Two shapes of condition have a short way to the same answer, for tables
/// of millions of files: one that looks at a single partition column is decided once for each of its values, and a
/// column beside a constant is compared over all files at once.
/// </remarks>
internal sealed class FilePruner
{
    private const string Partition = "partition";

    private readonly IReadOnlyDictionary<string, ScanColumn> _columns;
    private readonly SnapshotStatistics _statistics;
    private readonly FileTable _files;
    private readonly List<(Expression Condition, FileSkip Reason)> _conditions;

    public FilePruner(
        Expression? predicate,
        IReadOnlyDictionary<string, ScanColumn> columns,
        SnapshotStatistics statistics,
        FileTable files)
    {
        _columns = columns;
        _statistics = statistics;
        _files = files;
        _conditions = [.. (predicate is null ? [] : Conjunction.Split(predicate))
            .Select(condition => (condition, Explain(condition)))
            .OrderBy(pair => pair.Item2.By == Partition ? 0 : 1)];
    }

    /// <summary>The columns of which statistics are asked for.</summary>
    public IEnumerable<ScanColumn> Columns => _conditions
        .SelectMany(pair => StatsPruner.ColumnsOf(pair.Condition))
        .Select(column => _columns.GetValueOrDefault(StatsPruner.PathOf(column)!))
        .OfType<ScanColumn>().Where(column => !column.IsPartition).Distinct();

    /// <summary>For every file why it is skipped, or null where it is kept.</summary>
    public FileSkip?[] Prune()
    {
        FileSkip?[] skips = new FileSkip?[_files.Count];
        FileStatistics statistics = new(_files, _columns, _statistics);
        bool[] isOut = new bool[skips.Length];
        foreach ((Expression condition, FileSkip reason) in _conditions)
        {
            Array.Clear(isOut);
            if (!TryCompare(condition, isOut) && !TryByValue(condition, statistics, isOut))
            {
                for (int row = 0; row < isOut.Length; row++)
                {
                    isOut[row] = skips[row] is null && IsOut(condition, statistics, row);
                }
            }

            for (int row = 0; row < isOut.Length; row++)
            {
                if (isOut[row])
                {
                    skips[row] ??= reason;
                }
            }
        }

        return skips;
    }

    private static bool IsOut(Expression condition, FileStatistics statistics, int row)
    {
        statistics.MoveTo(row);
        return StatsPruner.Prune(condition, statistics) == PruneResult.Skip;
    }

    /// <summary>A column compared with a constant of its type.</summary>
    private bool TryCompare(Expression condition, bool[] isOut)
    {
        if (condition is not Call { Children: [Expression left, Expression right] } call ||
            Direct(call.Function) is not Function relation)
        {
            return false;
        }

        if (left is Literal)
        {
            (left, right) = (right, left);
            relation = Mirror(relation);
        }

        if (right is not Literal { Value: object value } || !right.Type.Equals(left.Type) ||
            StatsPruner.PathOf(left) is not string path ||
            !_columns.TryGetValue(path, out ScanColumn? column) || column.IsPartition ||
            _statistics.Find(column) is not StatisticsColumn statistics)
        {
            return false;
        }

        if (statistics.IsNumber && StatisticsColumn.ToLong(value) is long number)
        {
            statistics.Exclude(relation, number, isOut);
        }
        else if (statistics.IsText && value is string text)
        {
            statistics.Exclude(relation, Encoding.UTF8.GetBytes(text), isOut);
        }
        else
        {
            return false;
        }

        for (int row = 0; row < isOut.Length; row++)
        {
            long rowCount = _files.GetPhysicalRowCount(row);
            isOut[row] |= rowCount == 0 || statistics.IsAllNull(row, rowCount);
        }

        return true;
    }

    private static Function? Direct(Function function) => function is Function.Equal or Function.LessThan or
        Function.LessThanOrEqual or Function.GreaterThan or Function.GreaterThanOrEqual ? function : null;

    private static Function Mirror(Function relation) => relation switch
    {
        Function.LessThan => Function.GreaterThan,
        Function.LessThanOrEqual => Function.GreaterThanOrEqual,
        Function.GreaterThan => Function.LessThan,
        Function.GreaterThanOrEqual => Function.LessThanOrEqual,
        _ => relation,
    };

    /// <summary>A condition on one partition column alone: files with one value share one answer.</summary>
    private bool TryByValue(Expression condition, FileStatistics statistics, bool[] isOut)
    {
        List<string> paths =
            [.. StatsPruner.ColumnsOf(condition).Select(column => StatsPruner.PathOf(column)!).Distinct()];
        if (paths.Count != 1 || !_columns.TryGetValue(paths[0], out ScanColumn? column) || !column.IsPartition ||
            column.Names[0] == Changes.ChangeColumns.Type ||
            _files.FindPartitionColumn(column.Names[0]) is not DictionaryColumn values)
        {
            return false;
        }

        // Null, and a file of no rows, depend on the number of rows too: they are looked at one by one.
        bool?[] answers = new bool?[values.Texts.Count];
        for (int row = 0; row < isOut.Length; row++)
        {
            int code = values.GetCode(row);
            isOut[row] = code == 0 || _files.GetPhysicalRowCount(row) == 0
                ? IsOut(condition, statistics, row)
                : answers[code] ??= IsOut(condition, statistics, row);
        }

        return true;
    }

    private FileSkip Explain(Expression condition)
    {
        List<string> names = [.. Conjunction.ColumnNames(condition).Distinct()];
        bool isPartition = names.Count > 0 &&
            names.All(name => _columns.TryGetValue(name, out ScanColumn? column) && column.IsPartition);
        return new FileSkip(isPartition ? Partition : "statistics", string.Join(", ", names));
    }
}

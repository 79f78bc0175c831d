using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Polder.Expressions;
using Polder.Sql;

namespace Polder.Server.Queries;

/// <summary>Which fences of a page build on which.</summary>
internal sealed class FenceGraph
{
    private const string Recursive = "RECURSIVE_QUERY";

    private readonly List<QueryException?> _failures = [];
    private readonly List<int[]> _builtOn = [];

    public FenceGraph(IReadOnlyList<FenceText> texts)
    {
        Texts = texts;
        for (int index = 0; index < texts.Count; index++)
        {
            List<int> order = [];
            _failures.Add(texts[index].Failure ?? Visit(index, order, []) ?? Duplicate(index));
            _builtOn.Add([.. order.Where(other => other != index)]);
        }
    }

    /// <summary>The fences, in the order of the page.</summary>
    public IReadOnlyList<FenceText> Texts { get; }

    /// <summary>The fence of a name, or else of a number from 1; -1 where there is none.</summary>
    public int Find(string name)
    {
        for (int index = 0; index < Texts.Count; index++)
        {
            if (string.Equals(Texts[index].Fence.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return index;
            }
        }

        return int.TryParse(name, out int number) && number >= 1 && number <= Texts.Count ? number - 1 : -1;
    }

    /// <summary>Why a fence cannot be run whatever the tables hold; null where it can.</summary>
    public QueryException? FailureOf(int index) => _failures[index];

    /// <summary>The fences that one builds on, directly or not, each after those that it builds on itself.</summary>
    public IReadOnlyList<int> BuiltOn(int index) => _builtOn[index];

    /// <summary>The queries that a fence's statement may name.</summary>
    public IReadOnlyList<NamedStatement> NamedFor(int index) =>
        [.. BuiltOn(index).SelectMany(other => NamesOf(other).Select(
            name => new NamedStatement(FenceText.NameOf(name), Texts[other].Statement)))];

    /// <summary>A fence and all that it builds on: with parameters and versions the key of its result.</summary>
    public string NormalisedOf(int index)
    {
        StringBuilder text = new();
        foreach (int other in BuiltOn(index))
        {
            text.Append(Texts[other].Fence.Name).Append(":=").Append(Texts[other].Normalised).Append('\n');
        }

        return text.Append(Texts[index].Normalised).ToString();
    }

    // A fence may be called by its name and by its number.
    private IEnumerable<string> NamesOf(int index) => Texts
        .SelectMany(text => text.References).Select(reference => reference.Name)
        .Where(name => Find(name) == index).Distinct(StringComparer.OrdinalIgnoreCase);

    private QueryException? Duplicate(int index)
    {
        SqlFence fence = Texts[index].Fence;
        int first = Find(fence.Name);
        return first == index ? null : new QueryException(
            "DUPLICATED_CTE_NAMES",
            "42602",
            $"the name {fence.Name} is taken: line {Texts[first].Fence.Line} has a query of that name");
    }

    // Depth first; what is found twice on one path is a cycle.
    private QueryException? Visit(int index, List<int> order, List<int> path)
    {
        path.Add(index);
        foreach (FenceReference reference in Texts[index].References)
        {
            int other = Find(reference.Name);
            if (other < 0)
            {
                return new QueryException(
                    "TABLE_OR_VIEW_NOT_FOUND",
                    "42P01",
                    $"there is no query {reference.Name} in this page; it has " +
                    string.Join(", ", Texts.Select(text => text.Fence.Name)),
                    span: reference.Span);
            }

            int start = path.IndexOf(other);
            if (start >= 0)
            {
                string cycle = string.Join(" → ", path.Skip(start).Append(other).Select(Describe));
                return new QueryException(
                    Recursive, "42836", $"queries that build on each other: {cycle}", span: reference.Span);
            }

            if (!order.Contains(other) && Visit(other, order, path) is QueryException failure)
            {
                // Each fence of a circle is told at its own part of it.
                return failure.Condition != Recursive ? failure : new QueryException(
                    Recursive, failure.SqlState, failure.Message, span: reference.Span);
            }
        }

        path.RemoveAt(path.Count - 1);
        order.Add(index);
        return null;
    }

    private string Describe(int index) =>
        FormattableString.Invariant($"{Texts[index].Fence.Name} ({Texts[index].Fence.File}:{Texts[index].Fence.Line})");
}

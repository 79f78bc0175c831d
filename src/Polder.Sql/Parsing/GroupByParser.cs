using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Expressions;
using Polder.Expressions.Syntax;

namespace Polder.Sql.Parsing;

/// <summary>
/// Reads GROUP BY. ROLLUP, CUBE and GROUPING SETS are spread out into the sets of keys that they stand for; side by
/// side they multiply.
/// </summary>
internal sealed class GroupByParser(TokenStream tokens, ExpressionParser expressions)
{
    private const int MaximumSets = 1024;

    /// <summary>Reads GROUP BY and what follows it.</summary>
    public GroupBySyntax Parse()
    {
        Token first = tokens.Current;
        tokens.Expect("GROUP", "BY");
        if (tokens.Is("ALL") && !ClauseWords.ContinuesName(tokens.Peek(1)))
        {
            tokens.Next();
            return new GroupBySyntax([], true, tokens.SpanFrom(first.Span));
        }

        List<SyntaxNode[]> sets = [[]];
        bool several = false;
        do
        {
            several |= AtSets();
            sets = Multiply(sets, ParseElement());
        }
        while (tokens.Take(TokenKind.Comma));

        SyntaxNode[] keys = [.. sets.SelectMany(set => set).Distinct<SyntaxNode>(ReferenceEqualityComparer.Instance)];
        if (tokens.Is("GROUPING", "SETS"))
        {
            several = true;
            sets = ParseElement();
            keys = [.. keys, .. sets.SelectMany(set => set)];
        }
        else if (tokens.Take("WITH", "ROLLUP"))
        {
            several = true;
            sets = Rollup([.. keys.Select(key => (SyntaxNode[])[key])]);
        }
        else if (tokens.Take("WITH", "CUBE"))
        {
            several = true;
            sets = Cube([.. keys.Select(key => (SyntaxNode[])[key])]);
        }

        return new GroupBySyntax(keys, false, tokens.SpanFrom(first.Span)) { Sets = several ? sets : null };
    }

    private bool AtSets() => tokens.Is("GROUPING", "SETS") ||
        ((tokens.Is("ROLLUP") || tokens.Is("CUBE")) && tokens.Peek(1).Kind == TokenKind.LeftParenthesis);

    private List<SyntaxNode[]> ParseElement()
    {
        if (!AtSets())
        {
            return [[expressions.ParseExpression()]];
        }

        if (tokens.Take("GROUPING", "SETS"))
        {
            return ParseList(() => AtSets() ? ParseElement() : [ParseUnit()]).SelectMany(sets => sets).ToList();
        }

        bool rollup = tokens.Next().Is("ROLLUP");
        List<SyntaxNode[]> units = ParseList(ParseUnit);
        return rollup ? Rollup(units) : Cube(units);
    }

    private List<T> ParseList<T>(Func<T> parse)
    {
        tokens.Expect(TokenKind.LeftParenthesis);
        List<T> items = [];
        do
        {
            items.Add(parse());
        }
        while (tokens.Take(TokenKind.Comma));
        tokens.Expect(TokenKind.RightParenthesis);
        return items;
    }

    // Keys that come and go together: a, (a, b), or none.
    private SyntaxNode[] ParseUnit()
    {
        if (tokens.Is(TokenKind.LeftParenthesis) && tokens.Peek(1).Kind == TokenKind.RightParenthesis)
        {
            tokens.Position += 2;
            return [];
        }

        SyntaxNode unit = expressions.ParseExpression();
        return unit is TupleSyntax tuple ? [.. tuple.Items] : [unit];
    }

    private static List<SyntaxNode[]> Rollup(List<SyntaxNode[]> units) => [.. Enumerable.Range(0, units.Count + 1)
        .Select(dropped => units.SkipLast(dropped).SelectMany(unit => unit).ToArray())];

    private List<SyntaxNode[]> Cube(List<SyntaxNode[]> units)
    {
        List<SyntaxNode[]> sets = [[]];
        foreach (SyntaxNode[] unit in units)
        {
            sets = Multiply(sets, [unit, []]);
        }

        return sets;
    }

    private List<SyntaxNode[]> Multiply(List<SyntaxNode[]> left, List<SyntaxNode[]> right) =>
        left.Count * right.Count > MaximumSets
            ? throw QueryException.NotYet("more than a thousand grouping sets", tokens.Previous.Span)
            : [.. left.SelectMany(one => right.Select(other => (SyntaxNode[])[.. one, .. other]))];
}

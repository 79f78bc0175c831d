using System;
using System.Collections.Generic;
using Polder.Expressions;
using Polder.Expressions.Syntax;

namespace Polder.Sql.Parsing;

/// <summary>Reads SELECT: its items and the clauses up to HAVING.</summary>
internal sealed class SelectParser
{
    private readonly TokenStream _tokens;
    private readonly ExpressionParser _expressions;
    private readonly RelationParser _relations;
    private readonly ClauseWords _words;

    public SelectParser(
        TokenStream tokens, ExpressionParser expressions, RelationParser relations, ClauseWords words)
    {
        _tokens = tokens;
        _expressions = expressions;
        _relations = relations;
        _words = words;
    }

    /// <summary>Reads FROM t SELECT x after its FROM; without a SELECT everything comes out.</summary>
    public SelectBody ParseFromFirst(Token first)
    {
        RelationSyntax from = _relations.ParseFrom();
        if (_tokens.Is("LATERAL", "VIEW"))
        {
            throw QueryException.NotYet("LATERAL VIEW", _tokens.Current.Span);
        }

        if (!_tokens.Is("SELECT"))
        {
            SelectItemSyntax all = new(new StarSyntax([], first.Span), null, [], first.Span);
            return _tokens.Is("INSERT") || _tokens.Is("MAP") || _tokens.Is("REDUCE")
                ? throw QueryException.NotYet($"FROM … {_tokens.Current.Text.ToUpperInvariant()}", first.Span)
                : new SelectBody(false, [all], from, null, null, null, from.Span);
        }

        bool around = _words.FromFirst;
        _words.FromFirst = true;
        SelectBody select = ParseSelect(from);
        _words.FromFirst = around;
        return _tokens.Is("SELECT")
            ? throw QueryException.NotYet("several SELECTs after one FROM", _tokens.Current.Span)
            : select;
    }

    /// <summary>Reads a SELECT; its FROM where that came before it.</summary>
    public SelectBody ParseSelect(RelationSyntax? from)
    {
        Token first = _tokens.Current;
        _tokens.Expect("SELECT");
        bool distinct = TakesQuantifier("DISTINCT");
        if (!distinct)
        {
            TakesQuantifier("ALL");
        }

        List<SelectItemSyntax> items = [];
        do
        {
            items.Add(ParseItem());
        }
        while (_tokens.Take(TokenKind.Comma));

        if (from is null && _words.Is("FROM"))
        {
            _tokens.Expect("FROM");
            from = _relations.ParseFrom();
        }

        if (_tokens.Is("LATERAL", "VIEW"))
        {
            throw QueryException.NotYet("LATERAL VIEW", _tokens.Current.Span);
        }

        SyntaxNode? where = _words.Is("WHERE") && _tokens.Take("WHERE") ? _expressions.ParseExpression() : null;
        GroupBySyntax? groupBy = _tokens.Is("GROUP", "BY") ? new GroupByParser(_tokens, _expressions).Parse() : null;
        SyntaxNode? having = _words.Is("HAVING") && _tokens.Take("HAVING") ? _expressions.ParseExpression() : null;
        foreach (string clause in (string[])["QUALIFY", "WINDOW"])
        {
            if (_words.Is(clause))
            {
                throw QueryException.NotYet(clause, _tokens.Current.Span);
            }
        }

        return new SelectBody(distinct, items, from, where, groupBy, having, _tokens.SpanFrom(first.Span));
    }

    private bool TakesQuantifier(string word) =>
        _tokens.Is(word) && !ClauseWords.EndsQuery(_tokens.Peek(1)) && _tokens.Peek(1).Kind is not
            (TokenKind.Comma or TokenKind.Dot) && !_tokens.Peek(1).Is("FROM") && _tokens.Take(word);

    private SelectItemSyntax ParseItem()
    {
        Token first = _tokens.Current;

        // No select list is empty: a FROM in its place is a name.
        SyntaxNode value = _tokens.Take("FROM")
            ? new NameSyntax([first.Text], first.Span) : _expressions.ParseExpression();
        if (value is CallSyntax { Name: [string function] } && (_tokens.Is("USING") || _tokens.Is("ROW", "FORMAT")) &&
            function.Equals("transform", StringComparison.OrdinalIgnoreCase))
        {
            throw QueryException.NotYet("SELECT TRANSFORM", value.Span);
        }

        List<NameSyntax> except = [];
        if (value is StarSyntax && _tokens.Is("EXCEPT") && _tokens.Peek(1).Kind == TokenKind.LeftParenthesis &&
            !_tokens.Peek(2).Is("SELECT") && _tokens.Peek(2).Kind != TokenKind.LeftParenthesis)
        {
            _tokens.Next();
            _tokens.Next();
            do
            {
                except.Add(ParseColumnName());
            }
            while (_tokens.Take(TokenKind.Comma));
            _tokens.Expect(TokenKind.RightParenthesis);
        }

        string? alias = null;
        bool named = _tokens.Is("AS") && !ClauseWords.EndsQuery(_tokens.Peek(1));
        if (named && _tokens.Peek(1).Kind == TokenKind.LeftParenthesis)
        {
            throw QueryException.NotYet("a list of aliases", _tokens.Peek(1).Span);
        }

        if (named || IsImplicitAlias())
        {
            _tokens.Take("AS");
            Token name = _tokens.Current;
            alias = _tokens.ExpectName();
            _words.RequireNoHyphen(name);
        }

        return new SelectItemSyntax(value, alias, except, _tokens.SpanFrom(first.Span));
    }

    private NameSyntax ParseColumnName()
    {
        Token first = _tokens.Current;
        List<string> parts = [_tokens.ExpectName()];
        while (_tokens.Take(TokenKind.Dot))
        {
            parts.Add(_tokens.ExpectName());
        }

        return new NameSyntax(parts, _tokens.SpanFrom(first.Span));
    }

    private bool IsImplicitAlias() =>
        _tokens.Current.Kind == TokenKind.QuotedIdentifier ||
        (_tokens.Current.Kind == TokenKind.Identifier && !_words.AtClause());
}

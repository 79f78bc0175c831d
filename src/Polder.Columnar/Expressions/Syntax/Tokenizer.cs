using System;
using System.Collections.Generic;

namespace Polder.Expressions.Syntax;

/// <summary>Cuts a text into tokens by the lexical rules of Spark SQL (SqlBaseLexer.g4).</summary>
internal sealed class Tokenizer
{
    private static readonly Dictionary<string, TokenKind> Symbols = new()
    {
        ["("] = TokenKind.LeftParenthesis, [")"] = TokenKind.RightParenthesis, ["["] = TokenKind.LeftBracket,
        ["]"] = TokenKind.RightBracket, [","] = TokenKind.Comma, ["."] = TokenKind.Dot, [";"] = TokenKind.Semicolon,
        [":"] = TokenKind.Colon, ["::"] = TokenKind.DoubleColon, ["?"] = TokenKind.Question, ["="] = TokenKind.Equal,
        ["=="] = TokenKind.Equal, ["<=>"] = TokenKind.NullSafeEqual, ["<>"] = TokenKind.NotEqual,
        ["!="] = TokenKind.NotEqual, ["<"] = TokenKind.Less, ["<="] = TokenKind.LessOrEqual,
        ["!>"] = TokenKind.LessOrEqual, [">"] = TokenKind.Greater, [">="] = TokenKind.GreaterOrEqual,
        ["!<"] = TokenKind.GreaterOrEqual, ["+"] = TokenKind.Plus, ["-"] = TokenKind.Minus, ["*"] = TokenKind.Star,
        ["/"] = TokenKind.Slash, ["%"] = TokenKind.Percent, ["~"] = TokenKind.Tilde, ["&"] = TokenKind.Ampersand,
        ["|"] = TokenKind.Pipe, ["||"] = TokenKind.DoublePipe, ["|>"] = TokenKind.PipeGreater,
        ["^"] = TokenKind.Caret, ["!"] = TokenKind.Bang, ["->"] = TokenKind.Arrow, ["=>"] = TokenKind.FatArrow,
        ["<<"] = TokenKind.ShiftLeft, [">>"] = TokenKind.ShiftRight, [">>>"] = TokenKind.ShiftRightUnsigned,
    };

    private static readonly Dictionary<string, TokenKind>.AlternateLookup<ReadOnlySpan<char>> SymbolLookup =
        Symbols.GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly string _text;
    private readonly List<Token> _tokens = [];
    private int _position;

    private Tokenizer(string text)
    {
        _text = text;
    }

    /// <summary>All tokens of the text, an <see cref="TokenKind.End"/> last.</summary>
    public static IReadOnlyList<Token> Tokenize(string text)
    {
        Tokenizer tokenizer = new(text);
        tokenizer.Run();
        return tokenizer._tokens;
    }

    private char CharAt(int position) => position < _text.Length ? _text[position] : '\0';

    private void Run()
    {
        while (SkipBlanks())
        {
            char first = _text[_position];
            if (first is '\'' or '"' || (first is 'r' or 'R' && CharAt(_position + 1) is '\'' or '"'))
            {
                ReadString(first);
            }
            else if (first == '`')
            {
                ReadQuotedIdentifier();
            }
            else if (char.IsAsciiDigit(first) || (first == '.' && char.IsAsciiDigit(CharAt(_position + 1))))
            {
                ReadNumberOrIdentifier();
            }
            else if (IsIdentifierPart(_position))
            {
                ReadIdentifier();
            }
            else
            {
                ReadSymbol();
            }
        }

        Add(TokenKind.End, _text.Length, "");
    }

    private static bool IsIdentifierPart(char value) =>
        char.IsAsciiLetterOrDigit(value) || value == '_' || (value > '\x7f' && char.IsLetter(value));

    private bool IsIdentifierPart(int position) =>
        IsIdentifierPart(CharAt(position)) ||
        (position < _text.Length && char.IsSurrogate(_text[position]) && char.IsLetter(_text, position));

    private void Add(TokenKind kind, int end, string text)
    {
        _tokens.Add(new Token(kind, TextSpan.FromBounds(_position, end), text));
        _position = end;
    }

    /// <summary>Moves past blanks and comments; false at the end.</summary>
    private bool SkipBlanks()
    {
        while (_position < _text.Length)
        {
            if (char.IsWhiteSpace(_text[_position]) || _text[_position] == '\uFEFF')
            {
                _position++;
            }
            else if (_text[_position] == '-' && CharAt(_position + 1) == '-')
            {
                SkipLineComment();
            }
            else if (_text[_position] == '/' && CharAt(_position + 1) == '*')
            {
                SkipBlockComment();
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private void SkipLineComment()
    {
        while (_position < _text.Length && _text[_position] is not ('\n' or '\r'))
        {
            _position += _text[_position] == '\\' && CharAt(_position + 1) == '\n' ? 2 : 1;
        }
    }

    /// <summary>Block comments nest; a hint is one too, since hints never change an answer.</summary>
    private void SkipBlockComment()
    {
        int start = _position;
        int depth = 0;
        do
        {
            if (_position >= _text.Length)
            {
                throw new QueryException(
                    "UNCLOSED_BRACKETED_COMMENT",
                    "42601",
                    "a comment that starts with /* is not closed; append */",
                    span: TextSpan.FromBounds(start, _text.Length));
            }

            char current = _text[_position];
            char next = CharAt(_position + 1);
            if ((current, next) is ('/', '*') or ('*', '/'))
            {
                depth += current == '/' ? 1 : -1;
                _position++;
            }

            _position++;
        }
        while (depth > 0);
    }

    private void ReadString(char first)
    {
        bool raw = first is 'r' or 'R';
        int open = raw ? _position + 1 : _position;
        char quote = _text[open];
        int end = open + 1;
        while (true)
        {
            char current = CharAt(end);
            if (current == quote && !raw && CharAt(end + 1) == quote)
            {
                end += 2;
            }
            else if (end < _text.Length && current == quote)
            {
                break;
            }
            else if (end + (current == '\\' && !raw ? 1 : 0) >= _text.Length)
            {
                Add(TokenKind.Unrecognized, open + 1, quote.ToString());
                return;
            }
            else
            {
                end += current == '\\' && !raw ? 2 : 1;
            }
        }

        ReadOnlySpan<char> content = _text.AsSpan(open + 1, end - open - 1);
        string value = raw ? content.ToString() : StringText.Unescape(content, quote);
        Add(TokenKind.String, end + 1, value);
    }

    private void ReadQuotedIdentifier()
    {
        int end = _position + 1;
        while (end < _text.Length && (_text[end] != '`' || CharAt(end + 1) == '`'))
        {
            end += _text[end] == '`' ? 2 : 1;
        }

        if (end >= _text.Length)
        {
            Add(TokenKind.Unrecognized, _position + 1, "`");
            return;
        }

        string name = _text[(_position + 1)..end].Replace("``", "`", StringComparison.Ordinal);
        Add(TokenKind.QuotedIdentifier, end + 1, name);
    }

    private void ReadIdentifier()
    {
        int end = IdentifierEnd(_position);
        Add(TokenKind.Identifier, end, _text[_position..end]);
    }

    private int IdentifierEnd(int position)
    {
        while (IsIdentifierPart(position))
        {
            position += char.IsSurrogate(_text[position]) ? 2 : 1;
        }

        return position;
    }

    /// <summary>
    /// The longest match wins, so that <c>1a</c> and <c>1_000</c> are names; a number wins a tie, so that <c>1e3</c>
    /// is one.
    /// </summary>
    private void ReadNumberOrIdentifier()
    {
        int end = DigitsEnd(_position);
        bool point = CharAt(end) == '.';
        if (point)
        {
            end = DigitsEnd(end + 1);
        }

        int exponentEnd = ExponentEnd(end);
        bool exponent = exponentEnd > end;
        end = exponentEnd;
        int suffixLength = SuffixLength(end, point || exponent, out TokenKind kind);
        int identifierEnd = IdentifierEnd(_position);
        if (identifierEnd > end + suffixLength)
        {
            Add(TokenKind.Identifier, identifierEnd, _text[_position..identifierEnd]);
            return;
        }

        if (point && IsIdentifierPart(end + suffixLength))
        {
            ReadBeforePoint();
            return;
        }

        if (suffixLength == 0)
        {
            kind = exponent ? TokenKind.Exponent : point ? TokenKind.Decimal : TokenKind.Integer;
        }

        Add(kind, end + suffixLength, _text[_position..end]);
    }

    /// <summary>A fraction that runs into a name is none: <c>1a.123_</c> is a name, a point and a name.</summary>
    private void ReadBeforePoint()
    {
        if (_text[_position] == '.')
        {
            Add(TokenKind.Dot, _position + 1, ".");
            return;
        }

        int end = DigitsEnd(_position);
        Add(TokenKind.Integer, end, _text[_position..end]);
    }

    private int DigitsEnd(int position)
    {
        while (char.IsAsciiDigit(CharAt(position)))
        {
            position++;
        }

        return position;
    }

    private int ExponentEnd(int position)
    {
        if (CharAt(position) is not ('e' or 'E'))
        {
            return position;
        }

        int digits = position + (CharAt(position + 1) is '+' or '-' ? 2 : 1);
        int end = DigitsEnd(digits);
        return end > digits ? end : position;
    }

    private int SuffixLength(int position, bool fractional, out TokenKind kind)
    {
        char first = char.ToUpperInvariant(CharAt(position));
        kind = (first, char.ToUpperInvariant(CharAt(position + 1)), fractional) switch
        {
            ('B', 'D', _) => TokenKind.BigDecimal,
            ('D', _, _) => TokenKind.Double,
            ('F', _, _) => TokenKind.Float,
            ('L', _, false) => TokenKind.BigInt,
            ('S', _, false) => TokenKind.SmallInt,
            ('Y', _, false) => TokenKind.TinyInt,
            _ => TokenKind.Integer,
        };
        return kind == TokenKind.Integer ? 0 : kind == TokenKind.BigDecimal ? 2 : 1;
    }

    private void ReadSymbol()
    {
        for (int length = int.Min(3, _text.Length - _position); length > 0; length--)
        {
            ReadOnlySpan<char> symbol = _text.AsSpan(_position, length);
            if (SymbolLookup.TryGetValue(symbol, out TokenKind kind))
            {
                Add(kind, _position + length, symbol.ToString());
                return;
            }
        }

        int width = char.IsHighSurrogate(_text[_position]) && _position + 1 < _text.Length ? 2 : 1;
        Add(TokenKind.Unrecognized, _position + width, _text.Substring(_position, width));
    }
}

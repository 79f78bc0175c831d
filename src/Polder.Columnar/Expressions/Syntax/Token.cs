using System;

namespace Polder.Expressions.Syntax;

/// <summary>What sort of word a token is.</summary>
internal enum TokenKind
{
    End,

    /// <summary>A bare word; every keyword is one, decided where it stands.</summary>
    Identifier,

    /// <summary>A word in backticks, unquoted; never a keyword.</summary>
    QuotedIdentifier,

    /// <summary>A string in either quotes, raw or escaped.</summary>
    String,

    /// <summary>Digits only.</summary>
    Integer,

    /// <summary>Digits with a point, no exponent.</summary>
    Decimal,

    /// <summary>With an exponent: a double.</summary>
    Exponent,

    /// <summary>Suffix Y.</summary>
    TinyInt,

    /// <summary>Suffix S.</summary>
    SmallInt,

    /// <summary>Suffix L.</summary>
    BigInt,

    /// <summary>Suffix F.</summary>
    Float,

    /// <summary>Suffix D.</summary>
    Double,

    /// <summary>Suffix BD.</summary>
    BigDecimal,

    LeftParenthesis,
    RightParenthesis,
    LeftBracket,
    RightBracket,
    Comma,
    Dot,
    Semicolon,
    Colon,
    DoubleColon,
    Question,
    Equal,
    NullSafeEqual,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Tilde,
    Ampersand,
    Pipe,
    DoublePipe,
    PipeGreater,
    Caret,
    Bang,
    Arrow,
    FatArrow,
    ShiftLeft,
    ShiftRight,
    ShiftRightUnsigned,

    /// <summary>A character that starts nothing; a syntax error wherever it is met.</summary>
    Unrecognized,
}

/// <summary>One word of the text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Span">Where it stands.</param>
/// <param name="Text">
/// Its meaning: a name without backticks, a string without quotes and escapes, a number without its suffix; otherwise
/// the characters as written.
/// </param>
internal readonly record struct Token(TokenKind Kind, TextSpan Span, string Text)
{
    /// <summary>Whether this is a name, bare or in backticks.</summary>
    public bool IsName => Kind is TokenKind.Identifier or TokenKind.QuotedIdentifier;

    /// <summary>Whether this is a number of any form.</summary>
    public bool IsNumber => Kind is >= TokenKind.Integer and <= TokenKind.BigDecimal;

    /// <summary>Whether this is that bare word, in any case.</summary>
    public bool Is(string keyword) =>
        Kind == TokenKind.Identifier && string.Equals(Text, keyword, StringComparison.OrdinalIgnoreCase);
}

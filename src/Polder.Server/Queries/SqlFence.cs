using System.Collections.Generic;

namespace Polder.Server.Queries;

/// <summary>A block of SQL in a page: <c>```sql revenue {chart=line x=day y=rev}</c>.</summary>
/// <param name="Name">
/// What other fences and inline values call it; unique in its page; <c>query-2</c> if none is written.
/// </param>
/// <param name="Sql">The text between the fences, as written.</param>
/// <param name="Arguments">What stands in braces, in the order of the page.</param>
/// <param name="File">The page's path below the site's folder, for messages.</param>
/// <param name="Line">The line of the file, from 1, where the SQL itself begins.</param>
internal sealed record SqlFence(
    string Name, string Sql, IReadOnlyDictionary<string, string> Arguments, string File, int Line);

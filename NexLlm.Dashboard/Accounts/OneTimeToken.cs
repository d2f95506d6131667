using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace NexLlm.Dashboard.Accounts;

/// <summary>The secret part of a one-time link. Only its hash is stored, so read access to the database doesn't reveal usable links.</summary>
internal static class OneTimeToken
{
    private const int Bytes = 32;

    public static string New() => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(Bytes));

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
